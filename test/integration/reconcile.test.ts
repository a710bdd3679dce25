import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { as } from '../support/api.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setRole, setPlan } from '../support/merchant.ts';

const running = useRollcall({}, async (program) => {
  await openPage(program);
  await runDueJobs(program);
});
const runningShop = () => running().shops.shop(SHOP);
const shop = () => runningShop().shop;
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`);

const state = async (domain = SHOP) => (await as(running(), domain).get('/api/sync')).body;

/** Reconciles now, and resolves to what the state says of it. */
async function reconcile(domain = SHOP): Promise<{ changes: number; repaired: number }> {
  const before = (await state(domain)).reconcile?.at;
  // The one before has said what it did a moment before it ended.
  await eventually(async () =>
    assert.equal((await as(running(), domain).post('/api/sync/reconcile')).status, 202),
  );
  return eventually(async () => {
    const { reconcile: done } = await state(domain);
    assert.notEqual(done?.at ?? before, before);
    return done;
  });
}

/** A customer of the shop whose user is right. */
async function aKnownCustomer(): Promise<string> {
  const id = createCustomer(shop());
  await reconcile();
  return id;
}

async function repairedSoFar(): Promise<number> {
  const { text } = await request(running().rollcall.app).get('/metrics');
  return Number(/rollcall_reconcile_repaired_total (\d+)/.exec(text)?.[1]);
}

test('customers whose webhooks were lost are found, repaired and counted, with their roles and plans', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  const [others, before] = [shop().customers.size, await repairedSoFar()];
  const ids = Array.from({ length: 120 }, () => createCustomer(shop()));
  for (const id of ids.slice(0, 10)) setRole(shop(), id, 'is_admin', true);
  setPlan(shop(), ids[0] ?? '', 'gold');
  const { changes, repaired } = await reconcile();
  assert.deepEqual([changes, repaired], [others + 120, 120]);
  for (const [n, id] of ids.entries()) assert.equal((await userOf(id))?.is_admin, n < 10);
  assert.equal((await userOf(ids[0] ?? ''))?.membership?.['name'], 'Gold');
  assert.equal((await repairedSoFar()) - before, 120);
});

test('what is right already is looked at without being written', async () => {
  const id = await aKnownCustomer();
  const before = await running().item(`${SHOP}#${id}`);
  assert.equal((await reconcile()).repaired, 0);
  assert.deepEqual(await running().item(`${SHOP}#${id}`), before);
});

test('a metafield that changed without the customer’s time is found too', async () => {
  const id = await aKnownCustomer();
  setRole(shop(), id, 'is_featured_author', true);
  assert.equal((await reconcile()).repaired, 1);
  assert.equal((await userOf(id))?.is_featured_author, true);
});

/** Whose refresh is pending. */
const pendingIds = async () =>
  (await Array.fromAsync(running().rollcall.ledger.pendingRefreshes.list(SHOP))).map(
    ({ shopifyId }) => shopifyId,
  );

test('a customer whose snapshot loses to what stands is recorded as pending before the watermark moves', async () => {
  const id = await aKnownCustomer();
  const item = await running().item(`${SHOP}#${id}`);
  await running().putItem({
    ...item,
    user_id: `${SHOP}#${id}`,
    last_name: 'Ahead',
    shopify_updated_at: '2099-01-01T00:00:00.000Z',
  });
  shop().update(id, { lastName: 'Truth' });
  const reconciledAt = async () => (await running().rollcall.ledger.states.get(SHOP)).reconciled?.at;
  const before = await reconciledAt();
  await runJob(running(), 'reconcile');
  assert.notEqual(await reconciledAt(), before);
  assert.deepEqual(await pendingIds(), [id]);
  const { revision, ...rest } = (await running().item(`${SHOP}#${id}`)) ?? {};
  await running().putItem({
    ...rest,
    user_id: `${SHOP}#${id}`,
    revision,
    shopify_updated_at: '2020-01-01T00:00:00.000Z',
  });
  await runJob(running(), 'reconcile');
  assert.equal((await userOf(id))?.last_name, 'Truth');
  assert.deepEqual(await pendingIds(), []);
});

test('a customer who cannot be read is recorded as pending, and the others are looked at', async () => {
  const handle = 'x'.repeat(200);
  savePlan(shop(), handle, { name: 'Unreadable' });
  const [id, other] = [createCustomer(shop()), createCustomer(shop())];
  setPlan(shop(), id, handle);
  await runJob(running(), 'reconcile');
  assert.notEqual(await userOf(other), undefined);
  assert.deepEqual(await pendingIds(), [id]);
  setPlan(shop(), id, undefined);
  await runJob(running(), 'reconcile');
  assert.deepEqual(await pendingIds(), []);
  assert.notEqual(await userOf(id), undefined);
});

test('repairs that no delivery explains are counted, until one comes', async () => {
  const silent = async () => (await running().rollcall.ledger.states.get(SHOP)).silentRepairs;
  await running().post(aCustomerUpdate({ id: '4711' }));
  const changedAt = async () => (await running().rollcall.ledger.states.get(SHOP)).changedAt;
  await eventually(async () => assert.notEqual(await changedAt(), undefined));
  createCustomer(shop());
  await reconcile();
  assert.equal(await silent(), 0, 'a delivery came');
  for (const expected of [1, 2, 3]) {
    createCustomer(shop());
    await reconcile();
    assert.equal(await silent(), expected);
  }
  await reconcile();
  assert.equal(await silent(), 3, 'nothing to repair says nothing');
  await running().rollcall.ledger.states.recordChange(SHOP);
  await reconcile();
  assert.equal(await silent(), 0);
});

test('a deleted person is not brought back', async () => {
  const id = await aKnownCustomer();
  await running().post({ topic: 'customers/delete', body: `{"id":${id}}` });
  await reconcile();
  assert.equal(await userOf(id), undefined);
});

test('it runs after the installation and then once in a while, one at a time', async () => {
  assert.notEqual((await state()).reconcile, null);
  await runDueJobs(running());
  const asked = runningShop().counts.graphql;
  await runDueJobs(running());
  assert.equal(runningShop().counts.graphql, asked);
  const answer = runningShop().faults.hold('graphql');
  assert.equal((await as(running()).post('/api/sync/reconcile')).status, 202);
  await answer.reached;
  assert.equal((await as(running()).post('/api/sync/reconcile')).status, 409);
  answer.release();
});

test('people are counted for the page, and members by plan', async () => {
  const { shop: other } = running().shops.shop(OTHER_SHOP);
  savePlan(other, 'gold', { name: 'Gold', tier: '3' });
  const [one = '', two = ''] = [1, 2, 3].map(() => createCustomer(other));
  for (const id of [one, two]) setRole(other, id, 'is_admin', true);
  setRole(other, one, 'is_featured_author', true);
  setPlan(other, one, 'gold');
  assert.equal((await as(running(), OTHER_SHOP).get('/api/sync')).status, 200);
  await runDueJobs(running(), OTHER_SHOP);
  await eventually(async () => assert.notEqual((await state(OTHER_SHOP)).counts, null));
  // The state of an index may be behind on AWS; here it is not.
  const { counts } = await state(OTHER_SHOP);
  assert.deepEqual(counts, {
    ...counts,
    people: 3,
    active: 3,
    admins: 2,
    featured_authors: 1,
    members: { gold: 1 },
  });
  const { body } = await as(running(), OTHER_SHOP).get('/api/plans');
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
  const headers = { 'x-shopify-webhook-id': 'broken-1' };
  await running().post({ topic: 'customers/update', body: '{"email":"a@example.com"}' }, { headers });
  const demand = JSON.stringify({
    shop_domain: SHOP,
    customer: { email: 'a@example.com' },
    data_request: { id: 1 },
  });
  await running().post({ topic: 'customers/data_request', body: demand });
  const { install, dead_letters, attention } = await state();
  assert.deepEqual([install.status, install.needs_reauthorization], ['installed', false]);
  assert.equal(dead_letters.find(({ id }: { id: string }) => id === 'broken-1').topic, 'customers/update');
  assert.equal(attention[0].code, 'customers/data_request');
  assert.equal(JSON.stringify({ dead_letters, attention }).includes('@'), false, 'no personal data');
});

test('a dead letter that is still unreadable stays, one that can be read now is applied and removed', async () => {
  const unreadable = { topic: 'customers/update', body: '{"first_name":"Bob"}' };
  await running().post(unreadable, { headers: { 'x-shopify-webhook-id': 'broken-2' } });
  assert.deepEqual((await as(running()).post('/api/dead-letters/broken-2/retry')).body, {
    received: 'dead_letter',
  });
  // What made it unreadable has been repaired in the program since.
  const letter = {
    topic: 'customers/update',
    reason: 'x',
    received_at: '2026-01-01T00:00:00.000Z',
    parts: 1,
  };
  const body = Buffer.from(aCustomerUpdate({ id: '6' }).body);
  const Item = { ...letter, pk: `${SHOP}#dead_letter`, sk: 'repaired-1', body };
  await running().putInLedger(Item);
  assert.deepEqual((await as(running()).post('/api/dead-letters/repaired-1/retry')).body, {
    received: 'written',
  });
  assert.equal((await userOf('6'))?.first_name, 'Bob');
  const left = new Set((await state()).dead_letters.map(({ id }: { id: string }) => id));
  assert.deepEqual([left.has('broken-2'), left.has('repaired-1')], [true, false]);
  assert.equal((await as(running()).post('/api/dead-letters/nothing/retry')).status, 404);
});
