import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { createPeople } from '../support/create-people.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { differingUsers, reportsOf, runFullSync, savedProgress, untilIdle } from '../support/full-sync.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { createCustomer, openPage, savePlan } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const clock = createFakeClock();
const running = useRollcall(
  { SYNC_WRITE_UNITS_PER_SECOND: '100000' },
  async (program) => {
    await openPage(program);
    await untilIdle(program);
    const { shop } = program.shops.shop(SHOP);
    savePlan(shop, 'gold', { name: 'Gold', tier: '3', price: '10' });
    await runJob(program, 'plans');
    createPeople(shop, 40);
  },
  { now: clock.now, overrides: clock.overrides },
);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const ledger = () => running().rollcall.ledger;

async function pending(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { shopifyId } of ledger().pendingRefreshes.list(SHOP)) ids.push(shopifyId);
  return ids;
}

test('a plan that is edited during a full sync reaches those who were written before and after', async () => {
  const download = at().faults.hold('bulk_download');
  const ended = runFullSync(running());
  await download.reached;
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3', price: '12' });
  // Its members are looked after before those of the result are written with the old price.
  await ledger().jobs.request(SHOP, 'plans', 'short');
  await running().rollcall.scheduler.wake(SHOP, 'plans');
  const fanOuts = [...(await ledger().jobs.list(SHOP)).keys()].filter((name) => name.startsWith('fan_out#'));
  for (const name of fanOuts) await running().rollcall.scheduler.wake(SHOP, name);
  download.release();
  await ended;
  await runDueJobs(running());
  const prices = new Set<unknown>();
  for (const id of shop().customers.keys()) {
    const user = await running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true);
    if (user?.membership) prices.add(user.membership['price']);
  }
  assert.deepEqual([...prices], ['12']);
});

test('what was pending when a complete full sync began is settled by it, and what came later is not', async () => {
  const [early = '', late = '', again = ''] = shop().customers.keys();
  await ledger().pendingRefreshes.record(SHOP, early, true);
  await ledger().pendingRefreshes.record(SHOP, again, true);
  await ledger().states.recordPending(SHOP);
  const download = at().faults.hold('bulk_download');
  const ended = runFullSync(running());
  await download.reached;
  await ledger().pendingRefreshes.record(SHOP, late, true);
  await ledger().pendingRefreshes.record(SHOP, again, true);
  download.release();
  assert.equal((await ended).complete, true);
  assert.deepEqual((await pending()).toSorted(), [late, again].toSorted());
  assert.equal((await ledger().states.get(SHOP)).pendingSince, undefined);
});

test('one that is not complete, or only checks, settles nothing of it', async () => {
  const before = await pending();
  await ledger().states.recordPending(SHOP);
  const cut = (text: string) => text.slice(0, -20);
  at().bulk.spoilers.push(cut, cut, cut);
  assert.equal((await runFullSync(running())).complete, false);
  await runFullSync(running(), { mode: 'check' });
  assert.deepEqual(await pending(), before);
  assert.notEqual((await ledger().states.get(SHOP)).pendingSince, undefined);
  await runFullSync(running());
  assert.equal((await ledger().states.get(SHOP)).pendingSince, undefined);
});

test('people are counted after it', async () => {
  createCustomer(shop());
  await runFullSync(running());
  assert.equal((await ledger().states.get(SHOP)).counts?.people, shop().customers.size);
});

test('who takes up a run that was left while the deleted are looked for needs nothing of its process', async () => {
  await runFullSync(running());
  const gone = createPeople(shop(), 3);
  clock.advance(2 * 3_600_000);
  await runFullSync(running());
  for (const id of gone) shop().remove(id);
  const { environment } = running();
  const first = await createRollcall(loadConfig(environment), createLog('silent'), clock.overrides);
  // Two to start the operation, one for its end, and the first question; the second one waits.
  const question = at().faults.hold('graphql', { after: 4 });
  await first.ledger.jobs.request(SHOP, 'full', 'full');
  void first.scheduler.wake(SHOP, 'full');
  await question.reached;
  const stopped = first.scheduler.stop();
  question.release();
  await stopped;
  await first.close();
  const left = await savedProgress(running());
  assert.deepEqual([left?.state, left?.removed], ['deletions', 0]);

  const { bulk_download: downloads } = at().counts;
  const operations = at().bulk.operations.size;
  await running().rollcall.scheduler.wake(SHOP, 'full');
  const { last } = await reportsOf(running());
  assert.deepEqual(
    [last?.complete, last?.started_at, last?.listed, last?.written, last?.removed],
    [true, left?.started_at, shop().customers.size, 0, 3],
  );
  assert.deepEqual([at().counts.bulk_download, at().bulk.operations.size], [downloads + 1, operations]);
  assert.deepEqual(await differingUsers(running()), []);
});
