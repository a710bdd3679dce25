import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificatesOf, differingUsers, digestOf, savedProgress } from '../support/backfill.ts';
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
  const ids = createPeople(at().shop, 400);
  at().bulk.refusals.push('INVALID');
  const start = () =>
    startProcess('test/support/backfill-worker.ts', {
      cwd: aDirectory(),
      env: running().environment,
      args: ['200'],
    });
  // A page has 125, so a listing ends after two of them. Two queries are for the start, one costs too much, and the fourth page waits.
  const fourth = at().faults.hold('graphql', { after: 2 + 1 + 3 });
  const first = start();
  await fourth.reached;
  await eventually(async () => {
    const page = (await savedProgress(running()))?.page;
    assert.deepEqual([page?.after_id, page?.depth], [ids[249], 125], first.output());
  });
  first.child.kill('SIGKILL');
  await first.exited;
  fourth.release();
  await start().until(/done/);

  const { last } = await certificatesOf(running());
  assert.deepEqual([last?.complete, last?.way, last?.object_count], [true, 'paging', 400]);
  assert.deepEqual([last?.duplicate, last?.digest], [0, digestOf(ids)]);
  assert.deepEqual(await differingUsers(running()), []);
});
