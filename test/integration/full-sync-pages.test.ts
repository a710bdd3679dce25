import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSum, differingUsers, reportsOf, savedProgress, untilIdle } from '../support/full-sync.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { openPage, savePlan } from '../support/merchant.ts';

const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: '1000' }, openPage);
const at = () => running().shops.shop(SHOP);

// Shopify's paging ends at 25,000 objects, so the program lists 20,000 and begins anew; here it lists 200.
test('where a listing ends another begins after its last customer, also for a process that comes later', async () => {
  savePlan(at().shop, 'gold', { name: 'Gold', tier: '3' });
  await untilIdle(running());
  const { last: before } = await reportsOf(running());
  const ids = createPeople(at().shop, 400);
  await running().rollcall.ledger.jobs.request(SHOP, 'full', 'full');
  at().bulk.refusals.push('INVALID');
  const start = () =>
    startProcess('test/support/full-sync-worker.ts', {
      cwd: aDirectory(),
      env: running().environment,
      args: [before?.started_at ?? '', '200'],
    });
  // A page has 125, so a listing ends after two of them. Two queries are for the start, one costs too much, and the fourth page waits.
  const fourth = at().faults.hold('graphql', { after: 2 + 1 + 3 });
  const first = start();
  await fourth.reached;
  await eventually(async () => {
    const page = (await savedProgress(running()))?.page;
    assert.deepEqual([page?.last_id, page?.first], [ids[374], 125], first.output());
  });
  first.child.kill('SIGKILL');
  await first.exited;
  fourth.release();
  await start().until(/done/);

  const { last } = await reportsOf(running());
  assert.ok(last !== undefined);
  assertSum(last);
  assert.deepEqual([last.complete, last.reader, last.listed, last.duplicate], [true, 'pages', 400, 0]);
  assert.deepEqual(await differingUsers(running()), []);
});
