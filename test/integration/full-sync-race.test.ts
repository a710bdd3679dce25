import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FullSyncReport } from '../../src/ledger/full-sync-reports.ts';
import { assertEqualToShop, runFullSync, existingUser } from '../support/full-sync.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import {
  createCustomer,
  deliverWebhooks,
  openPage,
  savePlan,
  setRole,
  setPlan,
} from '../support/merchant.ts';

const clock = createFakeClock();
const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: '100000' }, openPage, {
  overrides: { now: clock.now },
});
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;

/** Reads the plans while a full sync may be under way. */
async function readPlans(): Promise<void> {
  const { ledger, scheduler } = running().rollcall;
  await ledger.jobs.request(SHOP, 'plans', 'short');
  await scheduler.wake(SHOP, 'plans');
}

/** Does something after the bulk operation has read the shop and before its lines are applied. */
async function syncWith(between: () => Promise<void>): Promise<FullSyncReport> {
  const download = at().faults.hold('bulk_download');
  const ended = runFullSync(running());
  await download.reached;
  await between();
  download.release();
  return ended;
}

test('a plan that is gone since leaves nobody as its member', async () => {
  savePlan(shop(), 'silver', { name: 'Silver', tier: '2' });
  await readPlans();
  const id = createCustomer(shop());
  setPlan(shop(), id, 'silver');
  const report = await syncWith(async () => {
    const [plan = ''] = shop().metaobjects.all.keys();
    shop().removeMetaobject(plan);
    await readPlans();
    // Only a second list that lacks it, a minute later, says that it is gone.
    clock.advance(61_000);
    await readPlans();
  });
  assert.deepEqual([report.complete, report.written], [true, 1]);
  await assertEqualToShop(running(), [id]);
});

test('what is changed after the operation has run stands, though a metafield moves no time', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  const others = shop().customers.size;
  const known = createPeople(shop(), 4);
  assert.equal((await runFullSync(running())).complete, true);
  const unseen = createPeople(shop(), 4);
  // Of these the webhooks before the operation are lost, and those after it are not.
  const [, unflagged = '', flagged = '', deleted = ''] = unseen;
  setRole(shop(), unflagged, 'is_admin', true);
  let delivered = async (): Promise<void> => undefined;

  const report = await syncWith(async () => {
    delivered = deliverWebhooks(running());
    const [first = '', second = '', third = ''] = known;
    setRole(shop(), first, 'is_featured_author', false);
    setRole(shop(), second, 'is_admin', true);
    setPlan(shop(), third, 'gold');
    // A snapshot finds this one as the webhook left it, and so leaves no mark.
    setRole(shop(), unflagged, 'is_admin', false);
    setRole(shop(), flagged, 'is_admin', true);
    shop().remove(deleted);
    createCustomer(shop(), { firstName: 'Late' });
    await delivered();
    await eventually(() => assertEqualToShop(running(), [first, second, third, unflagged, flagged]));
  });
  assert.deepEqual(
    [report.complete, report.listed, report.tombstoned, report.failed],
    [true, others + 8, 1, 0],
  );
  await assertEqualToShop(running());
  assert.equal(await existingUser(running(), deleted), undefined);
});
