import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { aCustomer } from '../support/customers.ts';
import { eventually } from '../support/eventually.ts';
import { runBackfill } from '../support/backfill.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setPlan } from '../support/visit.ts';

const running = useRollcall({}, openPage);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true);

const api = (method: 'get' | 'post', path: string) => {
  const agent = request(running().rollcall.app);
  const asked = method === 'get' ? agent.get(path) : agent.post(path);
  return asked.set('Authorization', `Bearer ${at().sessionToken()}`);
};

/** Whom the page names for that reason. */
async function refused(): Promise<string[]> {
  const { attention } = (await api('get', '/api/sync')).body;
  return attention
    .filter(({ code }: { code: string }) => code === 'item_refused')
    .map(({ user_id }: { user_id: string }) => user_id);
}

/** Another program leaves a few bytes of the 400 KB that an item may have. */
async function fill(id: string, fields: object = {}): Promise<void> {
  const notes = 'x'.repeat(400 * 1024 - 200);
  await running().putItem({ user_id: `${SHOP}#${id}`, ...fields, notes });
}

let full: string;
let other: string;

test('a webhook of an item that is full is answered 200 and set aside', async () => {
  full = createCustomer(shop(), { firstName: 'Full' });
  other = createCustomer(shop(), { firstName: 'Other' });
  await fill(full);
  const headers = { 'x-shopify-webhook-id': 'full-1' };
  assert.equal(await running().post(aCustomer({ id: full }), { headers }), 200);
  const deadLetters = await running().deadLetters(SHOP);
  assert.deepEqual(
    deadLetters.map(({ sk }) => sk),
    ['full-1'],
  );
  assert.match(String(deadLetters[0]?.['reason']), /refuses the item/);
});

test('an import counts it as failed, brings everybody else, and names the person', async () => {
  const { complete, failed, written } = await runBackfill(running());
  assert.deepEqual([complete, failed, written], [false, 1, 1]);
  assert.equal((await userOf(other))?.first_name, 'Other');
  assert.deepEqual(await refused(), [`${SHOP}#${full}`]);
});

test('reconciling goes on past it', async () => {
  shop().update(full, { lastName: 'Later' });
  shop().update(other, { lastName: 'Later' });
  await running().rollcall.scheduler.runShop(SHOP);
  await eventually(async () => assert.equal((await userOf(other))?.last_name, 'Later'));
  const { last_change_at } = (await api('get', '/api/sync')).body;
  assert.equal(
    last_change_at.slice(0, 19),
    shop().customers.get(other)?.updatedAt.toISOString().slice(0, 19),
  );
});

test('a plan that changes reaches the other members', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  await running().rollcall.scheduler.plansChanged(SHOP);
  await running().post(setPlan(shop(), other, 'gold'));
  await eventually(async () => assert.equal((await userOf(other))?.membership_id, 'gold'));
  const membership = { id: 'gold', version: '2020-01-01T00:00:00.000Z' };
  const created_at = '2020-01-01T00:00:00.000Z';
  await fill('77', { membership_id: `${SHOP}#gold`, membership, created_at });
  savePlan(shop(), 'gold', {
    name: 'Gold, and a name that is long enough not to fit into what is left of the item',
  });
  await eventually(async () => {
    await running().rollcall.scheduler.plansChanged(SHOP);
    assert.match(String((await userOf(other))?.membership?.['name']), /long enough/);
    assert.match(running().logged(), /"written":1,"msg":"plan fanned out"/);
  });
  assert.match(running().logged(), new RegExp(`"user_id":"${SHOP}#77".*"msg":"plan not copied"`));
});

test('a role that does not fit the item is set at Shopify, and the answer says so', async () => {
  const id = createCustomer(shop(), { firstName: 'Whole' });
  assert.equal(await running().post(aCustomer({ id })), 200);
  const item = await running().item(`${SHOP}#${id}`);
  // The largest that DynamoDB takes, within less than a role needs.
  for (let free = 0, isFull = false; !isFull; free += 20)
    isFull = await running()
      .putItem({ ...item, notes: 'x'.repeat(400 * 1024 - 300 - free) })
      .then(
        () => true,
        () => false,
      );
  const path = `/api/users/${encodeURIComponent(`${SHOP}#${id}`)}/roles`;
  const { status, body } = await api('post', path).send({ is_admin: true });
  assert.deepEqual([status, body.error?.code], [409, 'item_refused']);
  const ownerId = `gid://shopify/Customer/${id}`;
  const role = shop().metafields.find({ ownerId, namespace: 'app--12345', key: 'is_admin' });
  assert.equal(role?.value, 'true');

  await running().putItem({ ...item });
  const again = await api('post', path).send({ is_admin: true });
  assert.deepEqual([again.status, again.body.is_admin], [200, true]);
});

test('when the item has room again, the dead letter can be retried, and the issue is cleared', async () => {
  await running().putItem({ user_id: `${SHOP}#${full}`, notes: 'short' });
  assert.deepEqual((await api('post', '/api/dead-letters/full-1/retry')).body, { received: 'written' });
  await eventually(async () => assert.equal((await userOf(full))?.last_name, 'Later'));
  await eventually(async () => assert.deepEqual(await refused(), []));
});

test('a person whose item is full is erased all the same', async () => {
  await fill('88', { more: 'y'.repeat(60) });
  assert.equal(await running().post({ topic: 'customers/delete', body: '{"id": 88}' }), 200);
  assert.equal((await running().item(`${SHOP}#88`))?.['deleted_at'], undefined, 'no room for a tombstone');
  const body = JSON.stringify({ shop_domain: SHOP, customer: { id: 88 } });
  assert.equal(await running().post({ topic: 'customers/redact', body }), 200);
  const erased = Object.keys((await running().item(`${SHOP}#88`)) ?? {}).toSorted();
  assert.deepEqual(erased, ['expires_at', 'redacted_at', 'revision', 'user_id']);
});
