import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import {
  createCustomer,
  deliverWebhooks,
  openPage,
  savePlan,
  setRole,
  setPlan,
} from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

let isLost = false;
let delivered: () => Promise<void>;
const running = useRollcall({}, async (program) => {
  await openPage(program);
  savePlan(program.shops.shop(SHOP).shop, 'gold', { name: 'Gold', tier: '1' });
  await runJob(program, 'plans');
  delivered = deliverWebhooks(program, () => isLost);
});
const shop = () => running().shops.shop(SHOP).shop;
const users = () => running().rollcall.usersOf(SHOP);
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);
const deletionOf = (id: string) => ({ topic: 'customers/delete', body: `{"id":${id}}` });

/** A customer with a role and a plan, known with all of it. */
async function aMember(): Promise<string> {
  const id = createCustomer(shop());
  setRole(shop(), id, 'is_admin', true);
  setPlan(shop(), id, 'gold');
  await delivered();
  await eventually(async () => assert.equal((await itemOf(id))?.['membership_id'], `${SHOP}#gold`));
  return id;
}

async function anAbsentMember(): Promise<string> {
  const id = await aMember();
  assert.equal(await users().removeAbsent(id, await itemOf(id)), 'written');
  return id;
}

/** Without what every write changes. */
const rest = (item: Record<string, unknown> = {}): object => ({ ...item, revision: 0 });

test('whoever is removed by absence is in no list, and comes back whole with the next snapshot', async () => {
  const id = await aMember();
  const before = await itemOf(id);
  assert.equal(await users().removeAbsent(id, before), 'written');
  assert.equal(await users().getById(`${SHOP}#${id}`), undefined);
  assert.equal(await users().getByShopifyId(id), undefined);
  assert.equal((await itemOf(id))?.['inferred'], true);
  await runJob(running(), 'reconcile');
  assert.deepEqual(rest(await itemOf(id)), rest(before));
});

test('nobody is removed who was written since, or whose creation is not known', async () => {
  const id = await aMember();
  const before = await itemOf(id);
  shop().update(id, { lastName: 'Since' });
  await delivered();
  await eventually(async () => assert.equal((await itemOf(id))?.['last_name'], 'Since'));
  assert.equal(await users().removeAbsent(id, before), 'conflict');
  const { created_at: _, ...undated } = (await itemOf(id)) ?? {};
  await running().putItem(undated);
  assert.equal(await users().removeAbsent(id, await itemOf(id)), 'conflict');
  assert.equal(await users().removeAbsent('4711', undefined), 'conflict');
  assert.equal((await itemOf(id))?.['deleted_at'], undefined);
});

test('who is deleted already is left so', async () => {
  const id = await aMember();
  const before = await itemOf(id);
  await users().tombstone(id);
  const tombstone = await itemOf(id);
  assert.equal(await users().removeAbsent(id, before), 'deleted');
  assert.equal(await users().removeAbsent(id, tombstone), 'deleted');
  assert.deepEqual(await itemOf(id), tombstone);
});

test('a webhook writes nothing on it, and has Shopify asked', async () => {
  const id = await anAbsentMember();
  const absent = await itemOf(id);
  const snapshot = running().shops.shop(SHOP).faults.hold('graphql');
  shop().update(id, { lastName: 'Back' });
  await delivered();
  assert.deepEqual(await itemOf(id), absent);
  const pending = await Array.fromAsync(running().rollcall.ledger.pendingRefreshes.list(SHOP));
  assert.deepEqual(
    pending.map(({ shopifyId }) => shopifyId),
    [id],
  );
  snapshot.release();
  await eventually(async () => assert.equal((await itemOf(id))?.['last_name'], 'Back'));
  assert.equal((await itemOf(id))?.['is_admin'], `${SHOP}#true`);
});

test('a deletion that is told makes it final, and keeps what the person was', async () => {
  const id = await anAbsentMember();
  const { inferred: _, ...absent } = (await itemOf(id)) ?? {};
  assert.equal(await running().post(deletionOf(id)), 200);
  const final = await itemOf(id);
  assert.deepEqual(rest({ ...final, expires_at: 0 }), rest({ ...absent, expires_at: 0 }));
  await runJob(running(), 'reconcile');
  assert.deepEqual(await itemOf(id), final, 'no snapshot brings them back');
  assert.equal(await users().tombstone(id), 'duplicate');
});

test('somebody who is erased meanwhile stays so', async () => {
  const id = await anAbsentMember();
  await users().redact(id);
  const erased = await itemOf(id);
  assert.notEqual(erased?.['redacted_at'], undefined);
  await runJob(running(), 'reconcile');
  assert.deepEqual(await itemOf(id), erased);
});

test('a listing that may be older than the absence does not lift it: Shopify is asked', async () => {
  const id = await anAbsentMember();
  isLost = true;
  await runJob(running(), 'full', { queue: 'full' });
  await runDueJobs(running());
  isLost = false;
  assert.equal((await itemOf(id))?.['is_admin'], `${SHOP}#true`);
});
