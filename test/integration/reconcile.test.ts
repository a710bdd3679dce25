import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { aCustomer } from '../support/customers.ts';
import { eventually } from '../support/eventually.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setRole, setPlan } from '../support/visit.ts';

const running = useRollcall({}, openPage);
const runningShop = () => running().shops.shop(SHOP);
const shop = () => runningShop().shop;
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`);

const api = (method: 'get' | 'post', path: string) => {
  const agent = request(running().rollcall.app);
  const asked = method === 'get' ? agent.get(path) : agent.post(path);
  return asked.set('Authorization', `Bearer ${runningShop().sessionToken()}`);
};
const state = async () => (await api('get', '/api/sync')).body;

/** Compares now, and resolves to what the state says of it. */
async function reconcile(): Promise<{ changes: number; repaired: number }> {
  const before = (await state()).reconcile?.at;
  assert.equal((await api('post', '/api/sync/reconcile')).status, 202);
  return eventually(async () => {
    const { reconcile: done } = await state();
    assert.notEqual(done?.at ?? before, before);
    return done;
  });
}

test('customers whose webhooks were lost are found, repaired and counted, with their roles and plans', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  const ids = Array.from({ length: 120 }, () => createCustomer(shop()));
  for (const id of ids.slice(0, 10)) setRole(shop(), id, 'is_admin', true);
  setPlan(shop(), ids[0] ?? '', 'gold');
  const { changes, repaired } = await reconcile();
  assert.deepEqual([changes, repaired], [120, 120]);
  for (const [n, id] of ids.entries()) assert.equal((await userOf(id))?.is_admin, n < 10);
  assert.equal((await userOf(ids[0] ?? ''))?.membership?.['name'], 'Gold');
  const { text } = await request(running().rollcall.app).get('/metrics');
  assert.match(text, /rollcall_reconcile_repaired_total 120/);
});

test('what is right already is looked at without being written', async () => {
  const [id = ''] = shop().customers.keys();
  const before = await running().item(`${SHOP}#${id}`);
  assert.equal((await reconcile()).repaired, 0);
  assert.deepEqual(await running().item(`${SHOP}#${id}`), before);
});

test('a metafield that changed without the customer’s time is found too', async () => {
  const [id = ''] = [...shop().customers.keys()].slice(-1);
  setRole(shop(), id, 'is_featured_author', true);
  assert.equal((await reconcile()).repaired, 1);
  assert.equal((await userOf(id))?.is_featured_author, true);
});

test('a deleted person is not brought back', async () => {
  const [id = ''] = [...shop().customers.keys()].slice(-2);
  await running().post({ topic: 'customers/delete', body: `{"id":${id}}` });
  await reconcile();
  assert.equal(await userOf(id), undefined);
});

test('it runs at the start of a process and then once in a while, one at a time', async () => {
  const { scheduler } = running().rollcall;
  await scheduler.runShop(SHOP);
  // The import after the installation asks Shopify as well.
  await eventually(async () => assert.equal((await state()).certificate?.complete, true));
  await eventually(async () => assert.equal((await state()).job, null));
  const asked = runningShop().counts.graphql;
  await scheduler.runShop(SHOP);
  assert.equal(runningShop().counts.graphql, asked);
  runningShop().faults.latency = 200;
  const [one, two] = await Promise.all([
    api('post', '/api/sync/reconcile'),
    api('post', '/api/sync/reconcile'),
  ]);
  runningShop().faults.latency = 0;
  assert.deepEqual(
    [one.status, two.status].toSorted((a, b) => a - b),
    [202, 409],
  );
});

test('people are counted for the page, and members by plan', async () => {
  // The state of an index may be behind on AWS; here it is not.
  const { counts } = await state();
  assert.deepEqual(counts, {
    ...counts,
    people: 119,
    active: 119,
    admins: 10,
    featured_authors: 1,
    members: { gold: 1 },
  });
  const { body } = await api('get', '/api/plans');
  assert.deepEqual(body.items, [
    {
      id: 'gold',
      name: 'Gold',
      tier: 3,
      price: null,
      currency: null,
      interval: null,
      benefits: [],
      updated_at: body.items[0].updated_at,
      members: 1,
    },
  ]);
});

test('the state names what waits for a person', async () => {
  const body = aCustomer({ updated_at: 'yesterday', id: '5' }).body;
  const headers = { 'x-shopify-webhook-id': 'broken-1' };
  await running().post({ topic: 'customers/update', body }, { headers });
  const dataRequest = JSON.stringify({
    shop_domain: SHOP,
    customer: { email: 'a@example.com' },
    data_request: { id: 1 },
  });
  await running().post({ topic: 'customers/data_request', body: dataRequest });
  const { install, dead_letters, attention } = await state();
  assert.deepEqual([install.status, install.needs_reauthorization], ['installed', false]);
  assert.deepEqual(
    dead_letters.map(({ id, topic }: { id: string; topic: string }) => [id, topic]),
    [['broken-1', 'customers/update']],
  );
  assert.equal(attention[0].code, 'customers/data_request');
  assert.equal(JSON.stringify({ dead_letters, attention }).includes('@'), false, 'no personal data');
});

test('a dead letter that is still unreadable stays, one that can be read now is applied and removed', async () => {
  assert.deepEqual((await api('post', '/api/dead-letters/broken-1/retry')).body, { received: 'dead_letter' });
  // What made it unreadable has been repaired in the program since.
  const deadLetter = {
    topic: 'customers/update',
    reason: 'x',
    received_at: '2026-01-01T00:00:00.000Z',
    parts: 1,
  };
  const body = Buffer.from(aCustomer({ id: '6' }).body);
  const Item = { ...deadLetter, pk: `${SHOP}#dead_letter`, sk: 'repaired-1', body };
  const documents = DynamoDBDocumentClient.from(running().engine.client);
  await documents.send(new PutCommand({ TableName: running().table('rollcall'), Item }));
  assert.deepEqual((await api('post', '/api/dead-letters/repaired-1/retry')).body, { received: 'written' });
  assert.equal((await userOf('6'))?.first_name, 'Bob');
  assert.deepEqual(
    (await state()).dead_letters.map(({ id }: { id: string }) => id),
    ['broken-1'],
  );
  assert.equal((await api('post', '/api/dead-letters/nothing/retry')).status, 404);
});
