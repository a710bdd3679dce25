import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPeople } from '../support/create-people.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { assertEqualToShop, reportsOf, runFullSync, savedProgress, untilIdle } from '../support/full-sync.ts';
import { openPage, savePlan } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const MINUTE_MS = 60_000;
const clock = createFakeClock();
const running = useRollcall(
  { BULK_STALL_MINUTES: '12.5' },
  async (program) => {
    await openPage(program);
    await untilIdle(program);
    savePlan(program.shops.shop(SHOP).shop, 'gold', { name: 'Gold', tier: '3' });
    createPeople(program.shops.shop(SHOP).shop, 8);
  },
  { now: clock.now, overrides: clock.overrides },
);
const at = () => running().shops.shop(SHOP);
const stateOf = async () => (await running().rollcall.ledger.jobs.list(SHOP)).get('full');
const viewOf = (operation: { view(): object } | undefined) => ({ status: '', ...operation?.view() });

/** Runs the job as far as it comes. */
async function run(): Promise<void> {
  await running().rollcall.scheduler.wake(SHOP, 'full');
}

test('an operation that does not move is cancelled, and everybody is read by pages at once', async () => {
  at().bulk.polls = Infinity;
  const began = clock.now().getTime();
  const report = await runFullSync(running());
  at().bulk.polls = 1;
  assert.deepEqual([report.complete, report.reader, report.listed], [true, 'pages', 8]);
  const minutes = (clock.now().getTime() - began) / MINUTE_MS;
  assert.ok(minutes >= 12.5 && minutes < 14, `after ${minutes} minutes`);
  assert.equal(viewOf([...at().bulk.operations.values()].at(-1)).status, 'CANCELING');
  await assertEqualToShop(running());
});

test('an operation that moves is waited for, however long it takes', async () => {
  at().bulk.finish();
  at().bulk.polls = 200;
  createPeople(at().shop, 300);
  const report = await runFullSync(running());
  at().bulk.polls = 1;
  assert.deepEqual([report.complete, report.reader, report.listings], [true, 'bulk', 1]);
});

test('denied access is not asked for again at once, and the run goes on when there is access', async () => {
  const before = at().bulk.operations.size;
  at().bulk.faults.push({ status: 'FAILED', errorCode: 'ACCESS_DENIED', partialLines: 0 });
  const { ledger } = running().rollcall;
  await ledger.jobs.request(SHOP, 'full', 'full');
  const { last } = await reportsOf(running());
  await run();
  await run();
  assert.equal(at().bulk.operations.size, before + 1);
  const state = await stateOf();
  assert.equal(state?.stalled?.reason, 'access_denied');
  assert.ok(Date.parse(state?.dueAt ?? '') > clock.now().getTime() + 4 * MINUTE_MS);
  assert.equal((await savedProgress(running()))?.error_code, 'ACCESS_DENIED');
  assert.deepEqual((await reportsOf(running())).last, last);
  clock.advance(6 * MINUTE_MS);
  await run();
  const { last: report } = await reportsOf(running());
  assert.deepEqual([report?.complete, report?.reader, report?.error_code], [true, 'bulk', 'ACCESS_DENIED']);
});

test('what Shopify refuses altogether is waited out, and the run is kept', async () => {
  at().faults.next('forbidden', { on: 'graphql' });
  const { counts } = at();
  await running().rollcall.ledger.jobs.request(SHOP, 'full', 'full');
  const asked = counts.graphql;
  await run();
  await run();
  assert.equal(counts.graphql, asked + 1);
  assert.equal((await stateOf())?.stalled?.reason, 'forbidden');
  const { started_at } = (await savedProgress(running())) ?? {};
  clock.advance(6 * MINUTE_MS);
  await run();
  const { last } = await reportsOf(running());
  assert.deepEqual([last?.complete, last?.started_at], [true, started_at]);
});
