import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate } from '../../src/ledger/certificates.ts';
import { createPeople, expectedUser, runBackfill, existingUser } from '../support/backfill.ts';
import { eventually } from '../support/eventually.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, deliverWebhooks, openPage, savePlan, setRole, setPlan } from '../support/visit.ts';

const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: '100000' }, openPage);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;

async function assertEqualToShop(ids: readonly string[]): Promise<void> {
  for (const id of ids) assert.deepEqual(await existingUser(running(), id), expectedUser(shop(), id), id);
}

/** Does something after the bulk operation has read the shop and before its lines are applied. */
async function backfillWith(between: () => Promise<void>): Promise<Certificate> {
  const before = at().counts.bulk_download;
  // 0.5, 1, 2 and 4 seconds are waited.
  at().faults.next('server_error', { on: 'bulk_download', times: 4 });
  const ended = runBackfill(running());
  await eventually(() => assert.ok(at().counts.bulk_download > before));
  await between();
  assert.ok(at().counts.bulk_download < before + 5, 'the lines were applied too early');
  return ended;
}

test('a plan that is gone since leaves nobody as its member', async () => {
  savePlan(shop(), 'silver', { name: 'Silver', tier: '2' });
  await running().rollcall.scheduler.plansChanged(SHOP);
  const id = createCustomer(shop());
  setPlan(shop(), id, 'silver');
  const certificate = await backfillWith(async () => {
    const [plan = ''] = shop().metaobjects.all.keys();
    shop().removeMetaobject(plan);
    await running().rollcall.scheduler.plansChanged(SHOP);
  });
  assert.deepEqual([certificate.complete, certificate.written], [true, 1]);
  await assertEqualToShop([id]);
});

test('what is changed after the operation has run stands, though a metafield moves no time', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  const known = createPeople(shop(), 4);
  assert.equal((await runBackfill(running())).complete, true);
  const unseen = createPeople(shop(), 4);
  // Of these the webhooks before the operation are lost, and those after it are not.
  const [, unflagged = '', flagged = '', deleted = ''] = unseen;
  setRole(shop(), unflagged, 'is_admin', true);
  let delivered = async (): Promise<void> => undefined;

  const certificate = await backfillWith(async () => {
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
    await eventually(() => assertEqualToShop([first, second, third, unflagged, flagged]), 3000);
  });
  assert.deepEqual(
    [certificate.complete, certificate.lines_read, certificate.tombstoned, certificate.failed],
    [true, 9, 1, 0],
  );
  await assertEqualToShop([...shop().customers.keys()]);
  assert.equal(await existingUser(running(), deleted), undefined);
});
