import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as } from '../support/api.ts';
import { createRecordPending } from '../../src/sync/refresh/record-pending.ts';
import { createSyncStates } from '../../src/ledger/sync-state.ts';
import { createPendingRefreshes } from '../../src/ledger/pending-refreshes.ts';
import { eventually } from '../support/eventually.ts';
import { runDueJobs } from '../support/jobs.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, setRole, told } from '../support/merchant.ts';

const HOUR_MS = 3_600_000;
let behind = 0;
let old: string;
const running = useRollcall(
  { FEATURED_AUTHOR_TAG: 'author' },
  async (program) => {
    behind = HOUR_MS;
    const { shop } = program.shops.shop(SHOP);
    old = createCustomer(shop);
    behind = 0;
    createCustomer(shop);
    await openPage(program);
    await runDueJobs(program);
    // Looks no further back than this from now on.
    await reconcile(program);
  },
  { now: () => new Date(Date.now() - behind) },
);
const at = () => running().shops.shop(SHOP);
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true);

const ledger = () => ({
  client: running().documents,
  table: running().table('rollcall'),
  now: () => new Date(),
});
const noted = async () =>
  (await Array.fromAsync(createPendingRefreshes(ledger()).list(SHOP))).map(({ shopifyId }) => shopifyId);

async function oldest(): Promise<string | null> {
  return (await as(running()).get('/api/sync')).body.pending.oldest_at;
}

/** Reconciles, and leaves alone what becomes due by that. */
async function reconcile({ rollcall: { ledger: jobsOf, scheduler } } = running()): Promise<void> {
  await jobsOf.jobs.request(SHOP, 'reconcile', 'short');
  await scheduler.wake(SHOP, 'reconcile');
}

test('a customer whose snapshot failed is recorded until reconciling, which refreshes no other customer as old', async () => {
  const message = told(setRole(at().shop, old, 'is_admin', true));
  await reconcile();
  assert.notEqual((await userOf(old))?.is_admin, true, 'no change at Shopify points at it');
  at().faults.next('forbidden', { on: 'graphql' });
  assert.equal(await running().post(message), 200);
  await eventually(() => assert.match(running().logged(), /"msg":"snapshots not fetched"/));
  assert.deepEqual(await noted(), [old]);
  assert.notEqual(await oldest(), null);
  assert.notEqual((await userOf(old))?.is_admin, true);
  await reconcile();
  assert.equal((await userOf(old))?.is_admin, true);
  assert.deepEqual([await noted(), await oldest()], [[], null]);
});

test('a change of tags is recorded before it is acknowledged, until the snapshot is written', async () => {
  const snapshot = at().faults.hold('graphql');
  const message = at().shop.addTags(old, ['author']);
  assert.equal(await running().post(message), 200);
  assert.deepEqual(await noted(), [old]);
  snapshot.release();
  await eventually(async () => assert.deepEqual(await noted(), []));
  assert.equal((await userOf(old))?.is_featured_author, true);
});

test('a customer who is recorded again meanwhile stays recorded', async () => {
  const pendingRefreshes = createPendingRefreshes(ledger());
  const mark = await pendingRefreshes.record(SHOP, '1', true);
  await pendingRefreshes.record(SHOP, '1', false);
  await pendingRefreshes.clear(SHOP, '1', mark);
  assert.deepEqual(await noted(), ['1']);
  await reconcile();
  assert.deepEqual(await noted(), [], 'Shopify has no such customer');
});

test('that nobody knows whose snapshots are missing stays noted until everybody has been looked at since', async () => {
  const states = createSyncStates(ledger());
  await states.recordPending(SHOP);
  const { pendingVersion = '' } = await states.get(SHOP);
  await reconcile();
  assert.notEqual(await oldest(), null, 'reconciling looks at some only');
  await states.recordPending(SHOP);
  await states.clearPending(SHOP, pendingVersion);
  assert.notEqual(await oldest(), null, 'it was noted again since');
  const { pendingVersion: last = '' } = await states.get(SHOP);
  await states.clearPending(SHOP, last);
  assert.equal(await oldest(), null);
  await reconcile();
});

const fullJob = async () => (await running().rollcall.ledger.jobs.list(SHOP)).get('full');
const isDue = (job: Awaited<ReturnType<typeof fullJob>>) =>
  job?.dueAt !== undefined && Date.parse(job.dueAt) <= Date.now();

test('more than 500 who are pending make a full sync due, and are fetched once it has been', async () => {
  const pendingRefreshes = createPendingRefreshes(ledger());
  const states = createSyncStates(ledger());
  assert.equal(isDue(await fullJob()), false);
  const ids = Array.from({ length: 501 }, (_, n) => String(n + 1));
  await Promise.all(ids.slice(1).map((id) => pendingRefreshes.record(SHOP, id, true)));
  await pendingRefreshes.record(SHOP, ids[0] ?? '', true);
  assert.deepEqual((await pendingRefreshes.summary(SHOP)).count, 500, 'more are not counted');
  await reconcile();
  assert.equal((await noted()).length, 501, 'they are left to it');
  const due = await fullJob();
  assert.deepEqual([isDue(due), due?.requested], [true, { mode: 'apply' }]);
  await reconcile();
  assert.deepEqual(await fullJob(), { ...due, dueAt: (await fullJob())?.dueAt }, 'one is enough');
  // As the full sync does when it has ended well.
  const { pendingVersion = '' } = await states.get(SHOP);
  await states.clearPending(SHOP, pendingVersion);
  await reconcile();
  assert.deepEqual(await noted(), []);
  assert.equal((await states.get(SHOP)).pendingSettled, false);
  await runDueJobs(running());
});

test('a storm of more than 500 records at once is one record of the shop, and a full sync is due', async () => {
  const { context } = running().rollcall;
  assert.equal(isDue(await fullJob()), false);
  const recordPending = createRecordPending(context);
  const ids = Array.from({ length: 501 }, (_, n) => String(n + 1));
  const versions = await Promise.all([recordPending(SHOP, ids, true), recordPending(SHOP, ids, true)]);
  assert.deepEqual(
    versions.map(({ size }) => size),
    [0, 0],
  );
  assert.deepEqual(await noted(), []);
  assert.notEqual(await oldest(), null);
  assert.equal(isDue(await fullJob()), true);
});
