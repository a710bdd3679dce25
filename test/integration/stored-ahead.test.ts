import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { changeOf } from '../../src/customers/change.ts';
import { fromWebhook } from '../../src/customers/customer.ts';
import { createPendingRefreshes } from '../../src/ledger/pending-refreshes.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { assertEqualToShop, runFullSync } from '../support/full-sync.ts';
import { createCustomer, openPage, setRole, told } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const HOUR_MS = 3_600_000;
/** Reconciles so far apart that three of them are more than a minute. */
const STEP_MS = 31_000;
let clock = 0;
const now = () => new Date(Date.now() + clock);
const running = useRollcall(
  {},
  async (program) => {
    await openPage(program);
    await runFullSync(program);
  },
  // Whoever is outdated is asked for five times in a row: nothing is to be waited for between these.
  { now, overrides: { now, sleep: (ms) => delay(Math.min(ms, 10)) } },
);
const shop = () => running().shops.shop(SHOP).shop;
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);
const later = (ms: number) => new Date(now().getTime() + ms).toISOString();

async function pending(): Promise<string[]> {
  const { documents: client, table } = running();
  const records = createPendingRefreshes({ client, table: table('rollcall'), now });
  return (await Array.fromAsync(records.list(SHOP))).map(({ shopifyId }) => shopifyId);
}

async function reconcile(times = 1, step = STEP_MS): Promise<void> {
  const { ledger, scheduler } = running().rollcall;
  for (let n = 0; n < times; n += 1) {
    await ledger.jobs.request(SHOP, 'reconcile', 'short');
    await scheduler.wake(SHOP, 'reconcile');
    clock += step;
  }
}

async function forced(): Promise<number> {
  const { values } = await running().rollcall.context.metrics.snapshots.get();
  return values.find(({ labels }) => labels.outcome === 'forced')?.value ?? 0;
}

/** A customer who is a user, with a role that no webhook has told. */
async function aPerson(): Promise<string> {
  const id = createCustomer(shop());
  setRole(shop(), id, 'is_featured_author', true);
  await runFullSync(running());
  await assertEqualToShop(running(), [id]);
  setRole(shop(), id, 'is_admin', true);
  return id;
}

/** A delivery whose time is hours ahead of everything that Shopify says. */
async function deliverOdd(id: string): Promise<ReturnType<typeof aCustomerUpdate>> {
  const odd = aCustomerUpdate({ id, updated_at: later(5 * HOUR_MS), first_name: 'Odd' });
  assert.equal(await running().post(odd), 200);
  await eventually(async () => assert.deepEqual(await pending(), [id]));
  return odd;
}

/** The clock of another program, which leaves everything else as it is. */
async function setAhead(id: string): Promise<string> {
  const ahead = later(5 * HOUR_MS);
  await running().putItem({ ...(await itemOf(id)), user_id: `${SHOP}#${id}`, shopify_updated_at: ahead });
  return ahead;
}

test('a delivery with a fraction of a second is no later than the snapshot of that second', async () => {
  for (const fraction of ['.395Z', '.999999Z']) {
    const id = createCustomer(shop());
    setRole(shop(), id, 'is_admin', true);
    const second = shop().customers.get(id)?.updatedAt.toISOString().slice(0, 19);
    const updated_at = `${second}${fraction}`;
    assert.equal(await running().post(aCustomerUpdate({ id, updated_at, first_name: 'Odd' })), 200);
    await eventually(() => assertEqualToShop(running(), [id]));
    assert.equal((await itemOf(id))?.['shopify_updated_at'], `${second}.000Z`);
  }
});

test('a fraction that an older program has stored holds no snapshot up', async () => {
  const id = await aPerson();
  const stored = await itemOf(id);
  const fraction = String(stored?.['shopify_updated_at']).replace('.000Z', '.999Z');
  await running().putItem({ ...stored, user_id: `${SHOP}#${id}`, shopify_updated_at: fraction });
  await reconcile();
  await assertEqualToShop(running(), [id]);
  assert.deepEqual(await pending(), []);
});

test('a snapshot that is outdated three times over a minute is applied, and counted', async () => {
  const id = await aPerson();
  const ahead = await setAhead(id);
  const before = await forced();
  await reconcile(2);
  assert.equal((await itemOf(id))?.['is_admin'], undefined, 'it may be an answer from an older state');
  assert.deepEqual(await pending(), [id]);
  await reconcile();
  await assertEqualToShop(running(), [id]);
  assert.equal((await itemOf(id))?.['shopify_updated_at'], ahead, 'the time never goes back');
  assert.deepEqual([await forced(), await pending()], [before + 1, []]);
  const stored = await itemOf(id);
  await reconcile(4);
  assert.deepEqual(await itemOf(id), stored, 'nothing is left to do');
  assert.deepEqual([await forced(), await pending()], [before + 1, []]);
});

test('an odd delivery that comes again after that does not win again', async () => {
  const id = await aPerson();
  const odd = await deliverOdd(id);
  assert.equal((await itemOf(id))?.['first_name'], 'Odd');
  await reconcile(3);
  await assertEqualToShop(running(), [id]);
  const stored = await itemOf(id);
  assert.equal(await running().post(odd), 200);
  await eventually(async () => assert.deepEqual(await pending(), [], 'the snapshot has settled it'));
  assert.deepEqual(await itemOf(id), stored);
});

test('a change at Shopify arrives at once after that, and one of a time beyond the odd one wins as ever', async () => {
  const id = await aPerson();
  await deliverOdd(id);
  await reconcile(3);
  assert.equal(await running().post(shop().update(id, { firstName: 'New' })), 200);
  await eventually(() => assertEqualToShop(running(), [id]));
  const role = told(setRole(shop(), id, 'is_admin', false));
  assert.equal(await running().post(role), 200);
  await eventually(() => assertEqualToShop(running(), [id]));
  clock += 6 * HOUR_MS;
  assert.equal(await running().post(shop().update(id, { firstName: 'Newest' })), 200);
  await eventually(async () => {
    await assertEqualToShop(running(), [id]);
    const item = await itemOf(id);
    const time = shop().customers.get(id)?.updatedAt.toISOString().slice(0, 19);
    assert.equal(item?.['shopify_updated_at'], `${time}.000Z`);
    assert.deepEqual(await pending(), []);
  });
});

test('three times within a minute are an answer from an older state, and so is a time that moves', async () => {
  const id = await aPerson();
  const before = await forced();
  await setAhead(id);
  await reconcile(4, 0);
  assert.equal(await forced(), before);
  clock += STEP_MS;
  shop().update(id, { lastName: 'Moved' });
  await reconcile(2);
  assert.equal(await forced(), before, 'the count has begun again');
  await reconcile();
  assert.equal(await forced(), before + 1);
  await assertEqualToShop(running(), [id]);
});

test('a full sync asks for whoever says something else at a later time, and reconciling ends it', async () => {
  const id = await aPerson();
  // Older than what reconciling goes back to.
  clock += HOUR_MS;
  createCustomer(shop());
  await reconcile();
  await setAhead(id);
  setRole(shop(), id, 'is_featured_author', false);
  assert.equal((await runFullSync(running())).undecided, 1);
  assert.deepEqual(await pending(), [id]);
  await reconcile(3);
  await assertEqualToShop(running(), [id]);
});

test('a check says of whom it cannot decide, and of nobody any more once a snapshot stands', async () => {
  const [same, other] = [await aPerson(), createCustomer(shop())];
  await runFullSync(running());
  await setAhead(other);
  // Nothing but the time differs, which a webhook has brought.
  const profile = fromWebhook({ id: same, updated_at: later(0) });
  await running().putItem({
    ...(await itemOf(same)),
    user_id: `${SHOP}#${same}`,
    shopify_updated_at: later(HOUR_MS),
    source_digest: changeOf(profile)?.digest,
  });
  const report = await runFullSync(running(), { mode: 'check' });
  assert.deepEqual([report.undecided, report.already_newer, report.differing], [2, 0, 0]);
  await reconcile(3);
  const again = await runFullSync(running(), { mode: 'check' });
  assert.deepEqual([again.undecided, again.differing], [0, 0]);
});
