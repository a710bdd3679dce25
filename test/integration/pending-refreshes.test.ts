import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as } from '../support/api.ts';
import { createSyncStates } from '../../src/ledger/sync-state.ts';
import { createPendingRefreshes } from '../../src/ledger/pending-refreshes.ts';
import { runFullSync } from '../support/full-sync.ts';
import { eventually } from '../support/eventually.ts';
import { beginReconcile } from '../../src/sync/reconcile.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, setFlag, told } from '../support/merchant.ts';

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
    // Looks no further back than this from now on.
    await reconcile();
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
  return (await as(running()).get('/api/sync')).body.oldest_pending_at;
}

async function reconcile(): Promise<void> {
  await (
    await beginReconcile(running().rollcall.context, SHOP, new AbortController().signal)
  )?.done;
}

test('a customer whose snapshot failed is noted until reconciling, which looks at nobody else who is as old', async () => {
  const message = told(setFlag(at().shop, old, 'is_admin', true));
  await reconcile();
  assert.notEqual((await userOf(old))?.is_admin, true, 'no change at Shopify points at it');
  at().faults.next('forbidden', { on: 'graphql' });
  assert.equal(await running().post(message), 200);
  await eventually(async () => assert.deepEqual(await noted(), [old]));
  assert.ok(Date.now() - Date.parse((await oldest()) ?? '') < 10_000);
  assert.notEqual((await userOf(old))?.is_admin, true);
  await reconcile();
  assert.equal((await userOf(old))?.is_admin, true);
  assert.deepEqual([await noted(), await oldest()], [[], null]);
});

test('that tags changed is noted before it is acknowledged, and no longer than until the snapshot', async () => {
  const snapshot = at().faults.hold('graphql');
  const message = at().shop.addTags(old, ['author']);
  assert.equal(await running().post(message), 200);
  assert.deepEqual(await noted(), [old]);
  assert.equal(await oldest(), null, 'nothing has failed');
  snapshot.release();
  await eventually(async () => assert.deepEqual(await noted(), []));
  assert.equal((await userOf(old))?.is_featured_author, true);
});

test('a customer of whom something new is noted meanwhile stays noted', async () => {
  const pendingRefreshes = createPendingRefreshes(ledger());
  const mark = await pendingRefreshes.record(SHOP, '1', true);
  await pendingRefreshes.record(SHOP, '1', false);
  await pendingRefreshes.clear(SHOP, '1', mark);
  assert.deepEqual(await noted(), ['1']);
  await reconcile();
  assert.deepEqual(await noted(), [], 'Shopify has no such customer');
});

test('that nobody knows whose snapshots are missing stays noted until a comparison leaves nobody different', async () => {
  const states = createSyncStates(ledger());
  await states.recordPending(SHOP);
  setFlag(at().shop, old, 'is_admin', false);
  await reconcile();
  await runFullSync(running(), { mode: 'check' });
  assert.notEqual(await oldest(), null, 'a difference was found and left');
  await runFullSync(running());
  assert.equal((await userOf(old))?.is_admin, false);
  assert.equal(await oldest(), null);
  await states.recordPending(SHOP);
  const { pendingVersion = '' } = await states.get(SHOP);
  await states.recordPending(SHOP);
  await states.clearPending(SHOP, pendingVersion);
  assert.notEqual(await oldest(), null, 'it was noted again since');
});
