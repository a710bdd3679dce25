import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as, withToken } from '../support/api.ts';
import { aUserItem, instant, putItems } from '../support/user-items.ts';
import { OTHER_SHOP as OTHER, SHOP, useRollcall } from '../support/rollcall.ts';
import { aSessionToken } from '../support/session-token.ts';

const running = useRollcall({}, async ({ engine, table }) => {
  for (const shop of [SHOP, OTHER]) {
    const items = Array.from({ length: 30 }, (_, n) => aUserItem(shop, n, { email: `${n}@${shop}` }));
    const membership = { id: 'gold', name: 'Gold', tier: 3 };
    items.push(aUserItem(shop, 99, { is_admin: undefined, is_featured_author: 'false', membership }));
    await putItems(engine.client, table('users'), items.map(dropUndefined));
  }
});

const get = (path: string, shop = SHOP) => as(running(), shop).get(path);

const idsOf = (body: { items: { shopify_id: string }[] }) => body.items.map(({ shopify_id }) => shopify_id);

function dropUndefined(item: object): object {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}

describe('lists', () => {
  for (const path of ['/api/admins', '/api/featured-authors'])
    test(`${path} has pages of 25, newest first, and ends with a null cursor`, async () => {
      const first = await get(path);
      assert.equal(first.status, 200);
      assert.equal(first.headers['cache-control'], 'no-store');
      assert.deepEqual(
        idsOf(first.body),
        Array.from({ length: 25 }, (_, n) => String(29 - n)),
      );
      const second = await get(`${path}?cursor=${first.body.next_cursor}`);
      assert.deepEqual(idsOf(second.body), ['4', '3', '2', '1', '0']);
      assert.equal(second.body.next_cursor, null);
    });

  test('created_after may have any offset', async () => {
    const { body } = await get(
      `/api/admins?created_after=${encodeURIComponent('2024-01-01T01:00:27+01:00')}`,
    );
    assert.deepEqual(idsOf(body), ['29', '28']);
  });

  test('/api/users lists by creation, activity and membership, and finds by shopify_id', async () => {
    const range = `created_from=${instant(3)}&created_to=${instant(4)}`;
    assert.deepEqual(idsOf((await get(`/api/users?${range}`)).body), ['4', '3']);
    assert.deepEqual(idsOf((await get('/api/users?active=true&limit=2')).body), ['99', '29']);
    assert.deepEqual(idsOf((await get('/api/users?membership_id=gold&limit=1')).body), ['99']);
    assert.deepEqual(idsOf((await get('/api/users?membership_id=silver')).body), []);
    assert.deepEqual((await get('/api/users?shopify_id=7')).body.items[0].email, `7@${SHOP}`);
    assert.deepEqual((await get('/api/users?shopify_id=1234')).body, { items: [], next_cursor: null });
  });
});

describe('one user', () => {
  test('has the names of the attributes, real booleans, and an object or null as membership', async () => {
    const { status, body } = await get(`/api/users/${encodeURIComponent(`${SHOP}#99`)}`);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      user_id: `${SHOP}#99`,
      shop: SHOP,
      shopify_id: '99',
      email: null,
      first_name: 'N99',
      last_name: null,
      shopify_state: null,
      verified_email: null,
      created_at: instant(99),
      shopify_updated_at: null,
      is_active: true,
      is_admin: false,
      is_featured_author: false,
      membership_id: 'gold',
      membership: { id: 'gold', name: 'Gold', tier: 3 },
      revision: 0,
    });
    const { body: without } = await get(`/api/users/${encodeURIComponent(`${SHOP}#1`)}`);
    assert.equal(without.membership, null);
  });

  test('of before may have an id as long as a key can be', async () => {
    const userId = 'x'.repeat(2048);
    await running().putItem({ user_id: userId, shop: SHOP, first_name: 'Longid' });
    assert.equal((await get(`/api/users/${userId}`)).body.first_name, 'Longid');
  });

  test("is a 404 if there is none, also if it is another shop's", async () => {
    for (const userId of [`${SHOP}#1234`, `${OTHER}#1`, 'x', 'x'.repeat(2000), 'é'.repeat(1025)]) {
      const { status, body } = await get(`/api/users/${encodeURIComponent(userId)}`);
      assert.deepEqual([status, body.error.code], [404, 'user_not_found'], userId.slice(0, 50));
    }
  });
});

describe('a query string', () => {
  const cases: [string, RegExp][] = [
    ['/api/admins?limit=0', /limit/],
    ['/api/admins?limit=101', /limit/],
    ['/api/admins?limit=1e1', /limit/],
    ['/api/admins?limit=5&limit=6', /limit may be given once/],
    ['/api/admins?created_after=yesterday', /created_after/],
    ['/api/admins?created_after=2024-01-01', /created_after/],
    ['/api/admins?shop=other.myshopify.com', /shop is not known/],
    ['/api/admins?cursor=abc', /cursor/],
    ['/api/users', /exactly one of/],
    ['/api/users?active=true&membership_id=gold', /exactly one of/],
    ['/api/users?active=yes', /active must be true/],
    ['/api/users?membership_id=', /membership_id is empty/],
    [`/api/users?membership_id=${'x'.repeat(256)}`, /membership_id is too long/],
    [`/api/users?created_from=${instant(1)}`, /created_to/],
    [`/api/users?created_to=${instant(1)}`, /exactly one of/],
    [`/api/users?created_from=${instant(2)}&created_to=${instant(1)}`, /created_from is after created_to/],
    ['/api/users?shopify_id=abc', /shopify_id must be digits/],
    ['/api/users?shopify_id=1&limit=5', /limit is not known/],
    ['/api/users/%E0%A4%A', /address/],
    [`/api/users/x?limit=1`, /limit is not known/],
  ];
  for (const [path, message] of cases)
    test(`${path.slice(0, 60)} is a 400 that says why`, async () => {
      const { status, body } = await get(path);
      assert.equal(status, 400);
      assert.match(body.error.message, message);
    });

  test("a cursor of another shop's list is a 400", async () => {
    const { body } = await get('/api/admins', OTHER);
    const { status } = await get(`/api/admins?cursor=${body.next_cursor}`);
    assert.equal(status, 400);
  });
});

describe('the session token', () => {
  const now = Math.floor(Date.now() / 1000);
  const refused: Record<string, string> = {
    'that is missing': '',
    'that is no token': 'abc',
    'that is forged': aSessionToken(SHOP, { secret: 'another secret' }),
    'without a signature (alg none)': aSessionToken(SHOP, { alg: 'none' }),
    'of another algorithm': aSessionToken(SHOP, { alg: 'HS512' }),
    'of another audience': aSessionToken(SHOP, { claims: { aud: 'another-app' } }),
    'that has expired': aSessionToken(SHOP, { claims: { exp: now - 60 } }),
    'that is not valid yet': aSessionToken(SHOP, { claims: { nbf: now + 60 } }),
    'without an end': aSessionToken(SHOP, { claims: { exp: undefined } }),
    'without a beginning': aSessionToken(SHOP, { claims: { nbf: undefined } }),
    'of one shop issued by another': aSessionToken(SHOP, { claims: { iss: `https://${OTHER}/admin` } }),
    'of no shop': aSessionToken(SHOP, {
      claims: { dest: 'https://shop.example.com', iss: 'https://shop.example.com' },
    }),
    'without a person': aSessionToken(SHOP, { claims: { sub: undefined } }),
  };
  for (const [name, token] of Object.entries(refused))
    test(`${name} is a 401 in JSON that makes App Bridge try again`, async () => {
      const { status, headers, body, text } = await withToken(running(), token).get('/api/admins');
      assert.equal(status, 401);
      assert.equal(headers['x-shopify-retry-invalid-session-request'], '1');
      assert.equal(body.error.code, 'session_invalid');
      assert.doesNotMatch(text, /eyJ/);
    });

  test('within the tolerance of 10 s is taken', async () => {
    const exp = Math.floor(Date.now() / 1000) - 3;
    assert.equal((await as(running(), SHOP, { claims: { exp } }).get('/api/admins')).status, 200);
  });

  test('decides the tenant', async () => {
    const { body } = await get('/api/admins?limit=100', OTHER);
    assert.ok(body.items.length > 0);
    for (const { shop, email } of body.items) assert.deepEqual([shop, email?.endsWith(OTHER)], [OTHER, true]);
  });
});

test('listing people is logged with who, which list and how many, and no name or token', async () => {
  await as(running(), SHOP, { claims: { sub: '4242' } }).get('/api/admins?limit=3');
  const line = running()
    .logged()
    .split('\n')
    .find((text) => text.includes('4242'));
  const { shop, sub, list, count } = JSON.parse(line ?? '');
  assert.deepEqual({ shop, sub, list, count }, { shop: SHOP, sub: '4242', list: 'admin', count: 3 });
  for (const personal of ['N99', `@${SHOP}`, 'eyJ'])
    assert.equal(running().logged().includes(personal), false, personal);
});
