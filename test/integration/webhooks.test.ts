import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import request from 'supertest';
import { signedHeaders } from '../../simulator/webhooks/deliver.ts';
import { aCustomerUpdate, aFixture, BOB_ID } from '../support/customer-update.ts';
import { SECRET, SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall();

const bob = {
  user_id: '',
  shop: '',
  shopify_id: BOB_ID,
  email: 'bob@biller.com',
  first_name: 'Bob',
  last_name: 'Biller',
  shopify_state: 'disabled',
  verified_email: true,
  created_at: '2022-01-01T00:00:00.000Z',
  shopify_updated_at: '2022-01-01T00:00:00.000Z',
  source_digest: '1d1f8a3c2a4f3a0b',
  revision: 1,
};

describe('each documented payload, truly signed, ends in the table', () => {
  for (const topic of ['customers/create', 'customers/update', 'customers/enable', 'customers/disable'])
    test(topic, async () => {
      const shop = `${topic.split('/')[1]}.myshopify.com`;
      assert.equal(await running().post(aFixture(topic), { shop }), 200);
      const item = await running().item(`${shop}#${BOB_ID}`);
      assert.match(String(item?.['source_digest']), /^[0-9a-f]{32}$/);
      const expected = { ...bob, user_id: `${shop}#${BOB_ID}`, shop, source_digest: item?.['source_digest'] };
      assert.deepEqual(item, expected);
    });

  test('customers/delete', async () => {
    const shop = 'delete.myshopify.com';
    await running().post(aFixture('customers/create'), { shop });
    assert.equal(await running().post(aFixture('customers/delete'), { shop }), 200);
    const { deleted_at, expires_at, ...rest } = (await running().item(`${shop}#${BOB_ID}`)) ?? {};
    const was = { was_admin: 'false', was_featured_author: 'false', was_membership: 'false' };
    assert.deepEqual(rest, { user_id: `${shop}#${BOB_ID}`, revision: 2, ...was });
    const days = (Number(expires_at) * 1000 - Date.parse(String(deleted_at))) / 86_400_000;
    assert.ok(days > 89.9 && days <= 90, String(days));
  });
});

test('is_active follows the state of the account, in the same write', async () => {
  const shop = 'active.myshopify.com';
  const isActive = async () => (await running().item(`${shop}#${BOB_ID}`))?.['is_active'];
  await running().post(aCustomerUpdate({ updated_at: '2022-01-01T00:00:00Z', state: 'enabled' }), { shop });
  assert.equal(await isActive(), `${shop}#true`);
  await running().post(aCustomerUpdate({ updated_at: '2022-01-01T00:00:01Z', state: undefined }), { shop });
  assert.equal(await isActive(), `${shop}#true`, 'a payload without the state leaves it alone');
  await running().post(aCustomerUpdate({ updated_at: '2022-01-01T00:00:02Z', state: 'disabled' }), { shop });
  assert.equal(await isActive(), undefined);
  assert.equal((await running().item(`${shop}#${BOB_ID}`))?.['revision'], 3);
});

test('null removes a field, an absent one is left alone, empty is a value', async () => {
  const shop = 'null.myshopify.com';
  await running().post(aCustomerUpdate(), { shop });
  const change = { updated_at: '2022-02-01T00:00:00Z', email: null, first_name: '', last_name: undefined };
  await running().post(aCustomerUpdate(change), { shop });
  const item = await running().item(`${shop}#${BOB_ID}`);
  assert.equal('email' in (item ?? {}), false);
  assert.equal(item?.['first_name'], '');
  assert.equal(item?.['last_name'], 'Biller');
});

test('a body of only an id makes a user and leaves the profile of one alone', async () => {
  const message = { topic: 'customers/update', body: `{"id": ${BOB_ID}}` };
  const shop = 'id-only.myshopify.com';
  assert.equal(await running().post(message, { shop }), 200);
  assert.deepEqual(await running().item(`${shop}#${BOB_ID}`), {
    user_id: `${shop}#${BOB_ID}`,
    shop,
    shopify_id: BOB_ID,
    revision: 1,
  });
  await running().post(aCustomerUpdate(), { shop });
  const before = await running().item(`${shop}#${BOB_ID}`);
  assert.equal(before?.['created_at'], '2022-01-01T00:00:00.000Z');
  assert.equal(await running().post(message, { shop }), 200);
  assert.deepEqual(await running().item(`${shop}#${BOB_ID}`), before);
});

test('an id far beyond 2^53 keeps every digit', async () => {
  const id = '70640550693037008412345678901234567890';
  await running().post(aCustomerUpdate({ id }));
  assert.equal((await running().item(`${SHOP}#${id}`))?.['shopify_id'], id);
});

test("the shop's domain is normalised", async () => {
  const message = aCustomerUpdate({ id: '4711' });
  assert.equal(await running().post(message, { shop: 'Toys.MyShopify.com/' }), 200);
  assert.equal((await running().item(`${SHOP}#4711`))?.['shop'], SHOP);
});

test('an attribute of another program and a legacy created_at survive', async () => {
  const user_id = `${SHOP}#4712`;
  const legacy = { user_id, bio: 'Writes books', created_at: '2015-05-05T05:05:05.000Z', is_admin: 'false' };
  await running().putItem(legacy);
  await running().post(aCustomerUpdate({ id: '4712' }));
  const item = await running().item(user_id);
  assert.equal(item?.['email'], 'bob@biller.com');
  for (const [name, value] of Object.entries(legacy)) assert.equal(item?.[name], value, name);
  assert.equal((await running().rollcall.usersOf(SHOP).getById(user_id))?.is_admin, false);
  await running().post({ topic: 'customers/delete', body: '{"id": 4712}' });
  assert.equal((await running().item(user_id))?.['bio'], 'Writes books');
});

describe('the status of an answer', () => {
  const message = aCustomerUpdate({ id: '4713' });
  const statusOf = (headers: Record<string, string>) => running().post(message, { headers });

  test('is 401 for a wrong HMAC, and nothing is written', async () => {
    assert.equal(await statusOf({ 'x-shopify-hmac-sha256': 'bm8=' }), 401);
    assert.equal(await running().item(`${SHOP}#4713`), undefined);
  });

  test('is 401 for a missing HMAC, also without a body', async () => {
    const { app } = running().rollcall;
    const { 'x-shopify-hmac-sha256': _, ...headers } = signedHeaders(SHOP, SECRET, message);
    assert.equal((await request(app).post('/webhooks').set(headers).send(message.body)).status, 401);
    assert.equal((await request(app).post('/webhooks')).status, 401);
  });

  test('is 200 for missing or ill-formed headers', async () => {
    assert.equal(await statusOf({ 'x-shopify-topic': '' }), 200);
    assert.equal(await statusOf({ 'x-shopify-webhook-id': '' }), 200);
    for (const domain of ['', 'toys.example.com', 'a#b.myshopify.com', 'x.myshopify.com.evil.example'])
      assert.equal(await statusOf({ 'x-shopify-shop-domain': domain }), 200, domain);
  });

  test('is 200 for an empty body and for what is not JSON', async () => {
    for (const body of ['', '{', '\uFEFF{"id":1}', '['.repeat(200_000)])
      assert.equal(await running().post({ topic: 'customers/update', body }), 200, body.slice(0, 9));
  });

  test('is 413 over 5 MB', async () => {
    const body = JSON.stringify({ id: 4713, note: 'x'.repeat(5 * 1024 * 1024) });
    assert.equal(await running().post({ topic: 'customers/update', body }), 413);
  });

  test('is 200 for a topic that nobody handles, and it is counted', async () => {
    assert.equal(await running().post({ topic: 'orders/create', body: '{"id":1}' }), 200);
    const { text } = await request(running().rollcall.app).get('/metrics');
    assert.match(text, /rollcall_webhooks_total\{topic="other",outcome="unhandled"\} 1/);
  });

  test('is 200 for an authentic but unreadable body, which is kept as a dead letter', async () => {
    const shop = 'dead.myshopify.com';
    const { body } = aCustomerUpdate({ updated_at: 'yesterday', note: 'x'.repeat(800_000) });
    const headers = { 'x-shopify-webhook-id': 'delivery-1' };
    const unreadable = { topic: 'customers/update', body };
    assert.equal(await running().post(unreadable, { shop, headers }), 200);
    assert.equal(await running().post(unreadable, { shop, headers }), 200);
    const letters = await running().deadLetters(shop);
    assert.equal(letters.length, 1, 'a repeated delivery has one letter');
    const [letter] = letters;
    assert.equal(letter?.['topic'], 'customers/update');
    assert.match(String(letter?.['reason']), /updated_at/);
    assert.ok(letter?.['body'] === body, 'the whole body is kept');
    const days = (Number(letter?.['expires_at']) * 1000 - Date.now()) / 86_400_000;
    assert.ok(days > 29.9 && days <= 30, String(days));
  });
});

test('health and readiness answer, an unknown address is a 404 in JSON', async () => {
  const { app } = running().rollcall;
  assert.equal((await request(app).get('/healthz')).status, 200);
  assert.equal((await request(app).get('/readyz')).status, 200);
  const { status, body } = await request(app).get('/nothing');
  assert.deepEqual([status, body.error.code], [404, 'not_found']);
});

test('the log holds one info line per webhook, with ids, and no name, e-mail or secret', async () => {
  const shop = 'log.myshopify.com';
  for (const topic of ['customers/create', 'customers/update', 'customers/delete'])
    await running().post(aFixture(topic), { shop });
  await running().post(aCustomerUpdate({ updated_at: 'yesterday' }), { shop });
  const lines = running()
    .logged()
    .split('\n')
    .filter((line) => line.includes(`"shop":"${shop}"`));
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).received),
    ['written', 'duplicate', 'written', 'dead_letter'],
  );
  assert.equal(JSON.parse(lines[0] ?? '').shopify_id, BOB_ID);
  for (const personal of ['Bob', 'Biller', 'bob@', 'ice cream', '555-555', SECRET])
    assert.equal(running().logged().includes(personal), false, personal);
});
