import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResumeStalled } from '../../src/sync/jobs/resume-stalled.ts';
import { createRefreshQueue } from '../../src/sync/refresh/refresh-queue.ts';
import { eventually } from '../support/eventually.ts';
import { runDueJobs } from '../support/jobs.ts';
import { createCustomer, openPage } from '../support/merchant.ts';
import { as } from '../support/api.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall({}, async (program) => {
  for (const shop of [SHOP, OTHER_SHOP])
    assert.equal((await as(program, shop).get('/api/admins')).status, 200);
  await openPage(program);
  for (const shop of [SHOP, OTHER_SHOP]) await runDueJobs(program, shop);
});
const context = () => running().rollcall.context;
const userOf = (shop: string, id: string) => running().rollcall.usersOf(shop).getById(`${shop}#${id}`, true);

async function pending(shop: string): Promise<string[]> {
  const records = await Array.fromAsync(running().rollcall.ledger.pendingRefreshes.list(shop));
  return records.map(({ shopifyId }) => shopifyId).toSorted();
}

test('no shop has more than a quarter of those who may wait; who is above it is recorded', async () => {
  const { shop } = running().shops.shop(SHOP);
  const { shop: other } = running().shops.shop(OTHER_SHOP);
  const queue = createRefreshQueue(context(), { requests: context(), capacity: 8 });
  const ids = Array.from({ length: 4 }, () => createCustomer(shop));
  const one = createCustomer(other);
  for (const id of ids) queue.ask(SHOP, id);
  queue.ask(OTHER_SHOP, one);
  await eventually(async () => assert.deepEqual(await pending(SHOP), ids.slice(2)));
  await eventually(async () => {
    assert.notEqual(await userOf(OTHER_SHOP, one), undefined);
    assert.notEqual(await userOf(SHOP, ids[1] ?? ''), undefined);
  });
  assert.equal(await userOf(SHOP, ids[2] ?? ''), undefined);
  assert.deepEqual(await pending(OTHER_SHOP), []);
});

test('who waits when the process is going to end is recorded first, then fetched, and cleared', async () => {
  const { shop } = running().shops.shop(SHOP);
  const before = await pending(SHOP);
  const queue = createRefreshQueue(context(), { requests: context() });
  const [early, late] = [createCustomer(shop), createCustomer(shop)];
  const snapshot = running().shops.shop(SHOP).faults.hold('graphql');
  queue.ask(SHOP, early);
  await snapshot.reached;
  await queue.secure();
  assert.deepEqual(await pending(SHOP), [...before, early].toSorted());
  queue.ask(SHOP, late);
  await eventually(async () => assert.deepEqual(await pending(SHOP), [...before, early, late].toSorted()));
  snapshot.release();
  await queue.drain(60_000);
  assert.deepEqual(await pending(SHOP), before);
  for (const id of [early, late]) assert.notEqual(await userOf(SHOP, id), undefined);
});

test('customers who are asked for again while their snapshot is under way get another one', async () => {
  const { shop } = running().shops.shop(SHOP);
  const queue = createRefreshQueue(context(), { requests: context() });
  const id = createCustomer(shop);
  const { graphql } = running().shops.shop(SHOP).counts;
  const first = running().shops.shop(SHOP).faults.hold('graphql');
  queue.ask(SHOP, id);
  await first.reached;
  queue.ask(SHOP, id);
  first.release();
  await queue.drain(60_000);
  assert.equal(running().shops.shop(SHOP).counts.graphql - graphql, 2);
  assert.notEqual(await userOf(SHOP, id), undefined);
});

test('a delivery makes jobs due that stall, at most once in five minutes', async () => {
  const { jobs } = running().rollcall.ledger;
  let time = Date.now();
  const now = () => new Date(time);
  const resumeStalled = createResumeStalled({ ...context(), now });
  const tomorrow = new Date(Date.now() + 86_400_000);
  const stalled = { since: new Date().toISOString(), reason: 'unavailable_shop', attempts: 9 };
  const isDue = async () => ((await jobs.list(SHOP)).get('plans')?.dueAt ?? '9') <= new Date().toISOString();

  async function stall(): Promise<void> {
    await jobs.request(SHOP, 'plans', 'short');
    await (await jobs.claim(SHOP, 'plans', 'short'))?.pause(tomorrow, stalled);
    assert.equal(await isDue(), false);
  }
  await stall();
  await resumeStalled(SHOP);
  assert.equal(await isDue(), true);
  await stall();
  await resumeStalled(SHOP);
  assert.equal(await isDue(), false);
  time += 5 * 60_000;
  await resumeStalled(SHOP);
  assert.equal(await isDue(), true);
});
