import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { assertEqualToShop, reportsOf, runFullSync, untilIdle } from '../support/full-sync.ts';
import { createCustomer, openPage, savePlan, setFlag } from '../support/merchant.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
const LATER = Math.floor(Date.now() / 1000) + 3600;
// The shop's clock is behind until the app is installed again: what belongs to the first installation is older by minutes.
let behind = 5 * MINUTE_MS;
const running = useRollcall(
  {},
  async (program) => {
    const { shop } = program.shops.shop(SHOP);
    savePlan(shop, 'gold', { name: 'Gold', tier: '3' });
    createPeople(shop, 150);
  },
  { now: () => new Date(Date.now() - behind) },
);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;

test('an installation is followed by a full sync at once, once, which holds nobody up', async () => {
  // Nobody looks for due work here: the installation itself begins it.
  const download = at().faults.hold('bulk_download');
  await openPage(running(), { iat: Math.floor((Date.now() - 2 * behind) / 1000), exp: LATER, nbf: 0 });
  await download.reached;
  // While that goes on, another shop's webhook is written.
  const body = '{"id": 4711, "updated_at": "2026-01-01T00:00:00Z", "first_name": "New"}';
  assert.equal(await running().post({ topic: 'customers/update', body }, { shop: OTHER_SHOP }), 200);
  assert.equal(
    (await running().rollcall.usersOf(OTHER_SHOP).getById(`${OTHER_SHOP}#4711`))?.first_name,
    'New',
  );
  assert.equal((await reportsOf(running())).last, undefined);
  download.release();
  await untilIdle(running());
  const { last } = await reportsOf(running());
  assert.deepEqual([last?.complete, last?.mode, last?.listed], [true, 'apply', 150]);
  await assertEqualToShop(running());
  const operations = at().bulk.operations.size;
  await running().rollcall.scheduler.runDue();
  assert.equal(at().bulk.operations.size, operations);
});

test('a week after a complete one it is due again, and an hour after one that is not', async () => {
  const dueAt = async () =>
    Date.parse((await running().rollcall.ledger.jobs.list(SHOP)).get('full')?.dueAt ?? '');
  const good = await runFullSync(running());
  assert.equal(await dueAt(), Date.parse(good.finished_at) + WEEK_MS);
  const cut = (text: string) => text.slice(0, -20);
  for (const hours of [1, 2]) {
    at().bulk.spoilers.push(cut, cut, cut);
    const bad = await runFullSync(running());
    assert.deepEqual([bad.complete, bad.incomplete_runs], [false, hours]);
    assert.equal(await dueAt(), Date.parse(bad.finished_at) + hours * 60 * MINUTE_MS);
  }
  await runFullSync(running());
});

test('a shop that refuses bulk operations is read page by page, in smaller ones if they cost too much', async () => {
  createPeople(shop(), 120);
  at().bulk.refusals.push('INVALID');
  const report = await runFullSync(running());
  const count = shop().customers.size;
  assert.deepEqual([report.complete, report.reader, report.listed], [true, 'pages', count]);
  // Two to start, one that costs too much, and pages of 125.
  assert.equal(report.requests, 3 + Math.ceil(count / 125));
  await assertEqualToShop(running());
  assert.equal((await runFullSync(running())).reader, 'bulk');
});

test('what changed while the app was away comes with the full sync after the reinstall', async () => {
  createPeople(shop(), 2);
  const before = await runFullSync(running());
  const [changed = '', flagged = ''] = shop().customers.keys();
  const gone = shop().uninstall();
  assert.equal(await running().post(gone), 200);
  // Nobody is told of these.
  shop().update(changed, { lastName: 'Away' });
  setFlag(shop(), flagged, 'is_admin', true);
  createCustomer(shop(), { firstName: 'Away' });
  const operations = at().bulk.operations.size;
  await running().rollcall.scheduler.runDue();
  assert.equal(at().bulk.operations.size, operations);

  behind = 0;
  await openPage(running());
  await eventually(async () => {
    const { last } = await reportsOf(running());
    assert.notEqual(last?.snapshot_at, before.snapshot_at);
  });
  assert.equal(at().bulk.operations.size, operations + 1);
  await assertEqualToShop(running());
});

test('as many bulk operations as may run at once are waited for', async () => {
  at().bulk.refusals.push('LIMIT_REACHED', 'OPERATION_IN_PROGRESS');
  const report = await runFullSync(running());
  assert.deepEqual([report.complete, report.reader], [true, 'bulk']);
});

test('the command says what it did and ends with 0, or with 1 and why it is not complete', async () => {
  const start = (...flags: string[]) =>
    startProcess('src/cli/rollcall.js', {
      cwd: aDirectory(),
      args: ['sync', 'full', '--mode', 'apply', '--shop', SHOP, ...flags],
      env: { ...running().environment, LOG_LEVEL: 'silent' },
    });
  const good = start();
  assert.equal(await good.exited, 0, good.output());
  assert.match(good.output(), new RegExp(`"listed":${shop().customers.size},`));
  assert.match(good.output(), /Complete/);
  const forScript = start('--json');
  assert.equal(await forScript.exited, 0, forScript.output());
  const { complete, listed } = JSON.parse(forScript.stdout());
  assert.equal(complete, true);
  assert.ok(listed >= shop().customers.size);
  const cut = (text: string) => text.slice(0, -20);
  at().bulk.spoilers.push(cut, cut, cut);
  const bad = start();
  assert.equal(await bad.exited, 1);
  assert.match(bad.output(), /Not complete: 1 lines of the result cannot be read/);
});

test('the command for reconciling says how many changes it has looked at', async () => {
  const reconciling = startProcess('src/cli/rollcall.js', {
    cwd: aDirectory(),
    args: ['sync', 'reconcile', '--shop', SHOP],
    env: { ...running().environment, LOG_LEVEL: 'silent' },
  });
  assert.equal(await reconciling.exited, 0, reconciling.output());
  assert.match(reconciling.output(), /\d+ changes looked at, \d+ users repaired/);
});
