import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import request from 'supertest';
import { as } from '../support/api.ts';
import { statusOf } from '../../src/ledger/install.ts';
import { aCustomerUpdate, aFixture } from '../support/customer-update.ts';
import { API_KEY, OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall();
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

const agent = () => request(running().rollcall.app);
const shopOf = (domain: string) => running().shops.shop(domain);
const get = (path: string) => agent().get(path).set('User-Agent', BROWSER);

/** Follows the redirect to Shopify as a browser would, and gives back the address that Shopify sends it to. */
async function authorize(location: string): Promise<URL> {
  const { host, pathname, search } = new URL(location);
  const response = await fetch(running().shops.url + pathname + search, {
    headers: { 'x-shop': host },
    redirect: 'manual',
  });
  return new URL(response.headers.get('location') ?? '');
}

const cookiesOf = (response: request.Response) =>
  [response.headers['set-cookie'] ?? []].flat().map((cookie: string) => cookie.split(';')[0]);

async function grantCode(shop: string) {
  const begun = await get(`/auth?shop=${shop}`);
  const back = await authorize(begun.headers['location'] ?? '');
  return { back, cookie: cookiesOf(begun).join('; ') };
}

describe('managed installation', () => {
  const open = (shop = SHOP) => as(running(), shop).get('/api/admins');

  test('a hundred first loads of the page make one exchange and an install record whose jobs are due', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => open()));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(shopOf(SHOP).counts.exchange, 1);
    const install = await running().rollcall.ledger.installs.get(SHOP);
    assert.equal(statusOf(install), 'installed');
    assert.equal(install.scheduled_for, install.installed_at);
    const token = await running().rollcall.tokens.accessToken(SHOP);
    assert.equal(shopOf(SHOP).tokens.isGood(token), true);
  });

  test('the page is answered although the exchange fails for now', async () => {
    shopOf(OTHER_SHOP).faults.next('bad_gateway', { on: 'exchange', times: 3 });
    assert.equal((await open(OTHER_SHOP)).status, 200);
    await assert.rejects(running().rollcall.tokens.accessToken(OTHER_SHOP), {
      code: 'reauthorization_needed',
    });
  });
});

describe('the code grant', () => {
  test('leads through Shopify into the admin, with an install record and an expiring token', async () => {
    const { back, cookie } = await grantCode(OTHER_SHOP);
    assert.equal(back.pathname, '/auth/callback');
    const done = await get(back.pathname + back.search).set('Cookie', cookie);
    assert.equal(done.status, 302);
    assert.equal(done.headers['location'], `https://${OTHER_SHOP}/admin/apps/${API_KEY}`);
    assert.equal(statusOf(await running().rollcall.ledger.installs.get(OTHER_SHOP)), 'installed');
    assert.equal(
      shopOf(OTHER_SHOP).tokens.isGood(await running().rollcall.tokens.accessToken(OTHER_SHOP)),
      true,
    );
  });

  test('ends in a page that says what is wrong, not in another hop', async () => {
    const { back, cookie } = await grantCode(SHOP);
    const forged = new URL(back);
    forged.searchParams.set('shop', OTHER_SHOP);
    const cases = [
      get(back.pathname + back.search),
      get(back.pathname + back.search).set(
        'Cookie',
        cookie.replace(/shopify_app_state=[^;]*/, 'shopify_app_state=forged'),
      ),
      get(forged.pathname + forged.search).set('Cookie', cookie),
      get('/auth/callback').set('Cookie', cookie),
    ];
    for (const { status, headers, text } of await Promise.all(cases)) {
      assert.equal(status, 400);
      assert.equal(headers['location'], undefined);
      assert.match(text, /could not be installed/);
      assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'none'/);
    }
  });

  test('blames Shopify, not the browser, where Shopify does not answer', async () => {
    for (const fault of ['bad_gateway', 'server_error', 'dropped', 'too_many_requests'] as const) {
      const { back, cookie } = await grantCode(OTHER_SHOP);
      shopOf(OTHER_SHOP).faults.next(fault, { on: 'code' });
      const { status, text } = await get(back.pathname + back.search).set('Cookie', cookie);
      assert.equal(status, 503, fault);
      assert.match(text, /could not be installed.*Shopify does not answer/);
    }
  });

  test('blames the settings where Shopify does not know the app, and an edge for what an edge does', async () => {
    const cases = [
      ['invalid_client', /SHOPIFY_API_KEY and SHOPIFY_API_SECRET/],
      ['application_cannot_be_found', /SHOPIFY_API_KEY and SHOPIFY_API_SECRET/],
      ['forbidden', /Shopify does not answer/],
      ['edge_block', /Shopify does not answer/],
    ] as const;
    for (const [fault, said] of cases) {
      const { back, cookie } = await grantCode(OTHER_SHOP);
      shopOf(OTHER_SHOP).faults.next(fault, { on: 'code' });
      const { status, text } = await get(back.pathname + back.search).set('Cookie', cookie);
      assert.equal(status, 503, fault);
      assert.match(text, said, fault);
    }
    const { back, cookie } = await grantCode(OTHER_SHOP);
    shopOf(OTHER_SHOP).faults.next('invalid_grant', { on: 'code' });
    assert.equal((await get(back.pathname + back.search).set('Cookie', cookie)).status, 400, 'an old code');
  });

  test('needs a shop', async () => {
    for (const query of ['', '?shop=', '?shop=example.com', '?shop=a&shop=b', '?shop=<b>.myshopify.com'])
      assert.equal((await get(`/auth${query}`)).status, 400, query);
  });
});

describe('webhooks', () => {
  const uninstall = (shop: string, at: string) =>
    running().post(
      { topic: 'app/uninstalled', body: '{}' },
      { shop, headers: { 'x-shopify-triggered-at': at } },
    );

  test('of an installed shop are kept, those of an uninstalled one are answered and dropped', async () => {
    const shop = 'drop.myshopify.com';
    assert.equal(await running().post(aCustomerUpdate({ id: '1' }), { shop }), 200);
    assert.equal((await running().item(`${shop}#1`))?.['shopify_id'], '1');
    await uninstall(shop, '2026-05-11T15:06:59.110521905Z');
    assert.equal(await running().post(aCustomerUpdate({ id: '2' }), { shop }), 200);
    assert.equal(await running().item(`${shop}#2`), undefined);
    await running().rollcall.ledger.installs.record(shop, {
      kind: 'confirmed',
      at: '2026-05-11T15:07:00.000Z',
    });
    assert.equal(await running().post(aCustomerUpdate({ id: '3' }), { shop }), 200);
    assert.equal((await running().item(`${shop}#3`))?.['shopify_id'], '3', 'a reinstall counts at once');
  });

  test('an uninstallation takes the token away, one from before the reinstall does not', async () => {
    const { tokens, ledger } = running().rollcall;
    const { installs } = ledger;
    const { installed_at = '' } = await installs.get(SHOP);
    const earlier = new Date(Date.parse(installed_at) - 60_000).toISOString();
    assert.equal(await uninstall(SHOP, earlier), 200);
    assert.equal(statusOf(await installs.get(SHOP)), 'installed');
    await tokens.accessToken(SHOP);
    assert.equal(await uninstall(SHOP, new Date(Date.parse(installed_at) + 60_000).toISOString()), 200);
    assert.equal(statusOf(await installs.get(SHOP)), 'uninstalled');
    await assert.rejects(tokens.accessToken(SHOP), { code: 'reauthorization_needed' });
  });

  test('an uninstallation that comes after the reinstall does not count, however soon the reinstall was', async () => {
    const noon = Date.now() + 3_600_000;
    const open = (at: number) =>
      as(running(), OTHER_SHOP, { claims: { iat: Math.floor(at / 1000) } }).get('/api/admins');
    // The last look at the page, and the reinstall half a minute later: nobody looks again.
    for (const at of [noon, noon + 30_000]) assert.equal((await open(at)).status, 200);
    assert.equal(await uninstall(OTHER_SHOP, new Date(noon + 15_000).toISOString()), 200);
    assert.equal(statusOf(await running().rollcall.ledger.installs.get(OTHER_SHOP)), 'installed');
    assert.equal(await running().post(aCustomerUpdate({ id: '4' }), { shop: OTHER_SHOP }), 200);
    assert.equal((await running().item(`${OTHER_SHOP}#4`))?.['shopify_id'], '4');
  });

  test('an uninstallation without its time is kept as a dead letter', async () => {
    const shop = 'timeless.myshopify.com';
    await uninstall(shop, '');
    assert.equal((await running().deadLetters(shop)).length, 1);
    assert.equal(statusOf(await running().rollcall.ledger.installs.get(shop)), 'installed');
  });

  test('app/scopes_update keeps what the merchant has granted', async () => {
    const shop = 'scopes.myshopify.com';
    assert.equal(await running().post(aFixture('app/scopes_update'), { shop }), 200);
    assert.deepEqual((await running().rollcall.ledger.installs.get(shop)).scopes, [
      'read_products',
      'write_products',
    ]);
    await running().post({ topic: 'app/scopes_update', body: '{"current": 1}' }, { shop });
    assert.equal((await running().deadLetters(shop)).length, 1);
  });
});

test('the log holds no token and no secret of any installation', () => {
  for (const secret of ['eyJ', 'shpat_', 'shpua_', 'shprt_', 'hush-this'])
    assert.equal(running().logged().includes(secret), false, secret);
});
