import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { aCustomerUpdate, aFixture, BOB_ID } from '../support/customer-update.ts';
import { as } from '../support/api.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall({}, undefined, { installed: false });
const installs = () => running().rollcall.ledger.installs;
const TESTED = 'shop.myshopify.com';

test('deliveries of a shop that never had the app are answered, dropped and counted', async () => {
  const shop = 'never.myshopify.com';
  const topics = ['customers/update', 'customers/delete', 'app/uninstalled', 'app/scopes_update'];
  for (const topic of topics) assert.equal(await running().post(aFixture(topic), { shop }), 200, topic);
  assert.equal(await running().item(`${shop}#${BOB_ID}`), undefined);
  assert.deepEqual(await installs().get(shop), {});
  assert.deepEqual(await running().deadLetters(shop), []);
  const { text } = await request(running().rollcall.app).get('/metrics');
  for (const topic of topics) assert.ok(text.includes(`{topic="${topic}",outcome="not_installed"} 1`), topic);
});

test('test notifications leave no person and no install record behind', async () => {
  for (const topic of ['customers/create', 'customers/update', 'app/uninstalled', 'app/scopes_update'])
    assert.equal(await running().postOdd(aFixture(topic), 'test'), 200, topic);
  assert.equal(await running().item(`${TESTED}#${BOB_ID}`), undefined);
  assert.deepEqual(await running().ledger('installs'), []);
});

test('a privacy request to a shop of which nothing is held gets its receipt at once', async () => {
  const shop = 'nothing-held.myshopify.com';
  for (const topic of ['customers/redact', 'customers/data_request', 'shop/redact']) {
    const body = JSON.stringify({ shop_domain: shop, customer: { id: 7, email: 'john@example.com' } });
    assert.equal(await running().post({ topic, body }, { shop }), 200);
  }
  assert.deepEqual(await running().rollcall.ledger.privacyRequests.open(shop), []);
  const receipts = await running().ledger(`${shop}#receipt`);
  assert.deepEqual(new Set(receipts.map(({ outcome }) => outcome)), new Set(['nothing_held']));
  assert.equal(receipts.length, 3);
  assert.equal(JSON.stringify(receipts).includes('@'), false);
});

test('a privacy request to a shop without an install record, of which people are held, is carried out', async () => {
  const shop = 'people-held.myshopify.com';
  const user_id = `${shop}#7`;
  const created_at = '2020-01-01T00:00:00.000Z';
  await running().putItem({ user_id, shop, shopify_id: '7', created_at, email: 'john@example.com' });
  const body = JSON.stringify({ shop_domain: shop, customer: { id: 7 } });
  assert.equal(await running().post({ topic: 'customers/redact', body }, { shop }), 200);
  assert.equal('email' in ((await running().item(user_id)) ?? {}), false);
  assert.deepEqual((await running().ledger(`${shop}#receipt`))[0]?.['outcome'], undefined);
});

test('a delivery that comes after the first token counts at once, although the one before was dropped', async () => {
  for (const shop of [SHOP, OTHER_SHOP]) {
    assert.equal(await running().post(aCustomerUpdate({ id: '5' }), { shop }), 200);
    assert.equal(await running().item(`${shop}#5`), undefined);
    assert.equal((await as(running(), shop).get('/api/admins')).status, 200);
    assert.equal(await running().post(aCustomerUpdate({ id: '5' }), { shop }), 200);
    assert.equal((await running().item(`${shop}#5`))?.['shopify_id'], '5');
  }
});

test('an installation that another process has recorded counts at once', async () => {
  const shop = 'elsewhere.myshopify.com';
  assert.equal(await running().post(aCustomerUpdate({ id: '6' }), { shop }), 200);
  const confirmed = '2026-01-01T00:00:00.000Z';
  await running().putInLedger({
    pk: 'installs',
    sk: shop,
    version: 1,
    confirmed_at: confirmed,
    installed_at: confirmed,
  });
  assert.equal(await running().post(aCustomerUpdate({ id: '6' }), { shop }), 200);
  assert.equal((await running().item(`${shop}#6`))?.['shopify_id'], '6');
});
