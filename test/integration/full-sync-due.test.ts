import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEqualToShop, certificatesOf, runBackfill } from '../support/backfill.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setRole } from '../support/merchant.ts';

const MINUTE_MS = 60_000;
const LATER = Math.floor(Date.now() / 1000) + 3600;
// The shop's clock is behind until the app is installed again: what belongs to the first installation is older by minutes.
let behind = 5 * MINUTE_MS;
const running = useRollcall(
  {},
  async (program) => {
    await openPage(program, { iat: Math.floor((Date.now() - 2 * behind) / 1000), exp: LATER, nbf: 0 });
    savePlan(program.shops.shop(SHOP).shop, 'gold', { name: 'Gold', tier: '3' });
  },
  { now: () => new Date(Date.now() - behind) },
);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const background = () => running().rollcall.scheduler;

test('an installation is followed by an import, once, which holds nobody up', async () => {
  createPeople(shop(), 150);
  const work = background().runShop(SHOP);
  // While that goes on, another shop's webhook is written.
  const body = '{"id": 4711, "updated_at": "2026-01-01T00:00:00Z", "first_name": "New"}';
  assert.equal(await running().post({ topic: 'customers/update', body }, { shop: OTHER_SHOP }), 200);
  assert.equal(
    (await running().rollcall.usersOf(OTHER_SHOP).getById(`${OTHER_SHOP}#4711`))?.first_name,
    'New',
  );
  assert.equal((await certificatesOf(running())).last, undefined);
  await work;
  await eventually(async () => assert.equal((await certificatesOf(running())).last?.complete, true), 30_000);
  await assertEqualToShop(running());
  const operations = at().bulk.operations.size;
  await background().runShop(SHOP);
  assert.equal(at().bulk.operations.size, operations);
});

test('a shop that refuses bulk operations is read page by page, in smaller ones if they cost too much', async () => {
  createPeople(shop(), 120);
  at().bulk.refusals.push('INVALID');
  const certificate = await runBackfill(running());
  const count = shop().customers.size;
  assert.deepEqual(
    [certificate.complete, certificate.way, certificate.object_count],
    [true, 'paging', count],
  );
  // Two to start, one that costs too much, and pages of 125.
  assert.equal(certificate.requests, 3 + Math.ceil(count / 125));
  await assertEqualToShop(running());
  const next = await runBackfill(running());
  assert.deepEqual([next.way, next.digest], ['bulk', certificate.digest]);
});

test('what changed while the app was away comes with the import after the reinstall', async () => {
  createPeople(shop(), 2);
  const before = await runBackfill(running());
  const [changed = '', flagged = ''] = shop().customers.keys();
  const gone = shop().uninstall();
  assert.equal(await running().post(gone), 200);
  // Nobody is told of these.
  shop().update(changed, { lastName: 'Away' });
  setRole(shop(), flagged, 'is_admin', true);
  createCustomer(shop(), { firstName: 'Away' });
  const operations = at().bulk.operations.size;
  await background().runShop(SHOP);
  assert.equal(at().bulk.operations.size, operations);

  behind = 0;
  await openPage(running());
  await background().runShop(SHOP);
  await eventually(async () => {
    const { complete } = await certificatesOf(running());
    assert.notEqual(complete?.snapshot_at, before.snapshot_at);
  });
  assert.equal(at().bulk.operations.size, operations + 1);
  await assertEqualToShop(running());
});

test('as many bulk operations as may run at once are waited for', async () => {
  at().bulk.refusals.push('LIMIT_REACHED', 'OPERATION_IN_PROGRESS');
  const certificate = await runBackfill(running());
  assert.deepEqual([certificate.complete, certificate.way], [true, 'bulk']);
});

test('the command imports, says what it did and ends with 0, or with 1 and why it is not complete', async () => {
  const start = (...flags: string[]) =>
    startProcess('src/cli/rollcall.js', {
      cwd: aDirectory(),
      args: ['sync', 'backfill', '--shop', SHOP, ...flags],
      env: { ...running().environment, LOG_LEVEL: 'silent' },
    });
  const good = start();
  assert.equal(await good.exited, 0, good.output());
  assert.match(good.output(), new RegExp(`${shop().customers.size} of ${shop().customers.size} customers`));
  assert.match(good.output(), /Complete/);
  const forScript = start('--json');
  assert.equal(await forScript.exited, 0, forScript.output());
  const { complete, lines_read } = JSON.parse(forScript.stdout());
  assert.equal(complete, true);
  assert.ok(lines_read >= shop().customers.size);
  const cut = (text: string) => text.slice(0, -20);
  at().bulk.spoilers.push(cut, cut, cut);
  const bad = start();
  assert.equal(await bad.exited, 1);
  assert.match(bad.output(), /Not complete: 1 lines of the result cannot be read/);
});
