import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FullSyncReport } from '../../src/ledger/full-sync-reports.ts';
import { asNow } from '../support/api.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { assertEqualToShop, reportsOf, runFullSync, standingUser } from '../support/full-sync.ts';
import { runDueJobs } from '../support/jobs.ts';
import { createCustomer, openPage, savePlan, setFlag, setPlan } from '../support/merchant.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const PEOPLE = 230;
const HOUR_MS = 3_600_000;
const clock = createFakeClock();

let ids: string[] = [];
const running = useRollcall(
  {},
  async (program) => {
    await openPage(program);
    await runDueJobs(program);
    const { shop } = program.shops.shop(SHOP);
    savePlan(shop, 'gold', { name: 'Gold', tier: '3' });
    ids = createPeople(shop, PEOPLE);
    clock.advance(2 * HOUR_MS);
    await runFullSync(program);
  },
  { now: clock.now, overrides: clock.overrides },
);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const idOf = (n: number) => ids[n] ?? '';
const NONE = { missing_here: 0, extra_here: 0, stale: 0, wrong_entitlements: 0 };

const check = () => runFullSync(running(), { mode: 'check' });
const figuresOf = ({ complete, mode, listed, differing, differences, extra_here }: FullSyncReport) => ({
  complete,
  mode,
  listed,
  differing,
  differences,
  extra_here,
});

test('where all is as Shopify says it asks for nobody again and writes to nobody', async () => {
  const before = await running().item(`${SHOP}#${idOf(0)}`);
  const asked = at().counts.graphql;
  const report = await check();
  assert.deepEqual(figuresOf(report), {
    complete: true,
    mode: 'check',
    listed: PEOPLE,
    differing: 0,
    differences: NONE,
    extra_here: 0,
  });
  assert.equal(report.unchanged, PEOPLE);
  assert.equal('written' in report, false);
  assert.ok(at().counts.graphql - asked <= 4, 'to start the operation and to ask for its end');
  assert.deepEqual(await running().item(`${SHOP}#${idOf(0)}`), before);
});

test('a check finds whom lost webhooks have left wrong and whom Shopify deleted, and changes nothing', async () => {
  shop().remove(idOf(1));
  shop().update(idOf(2), { lastName: 'Renamed' });
  setFlag(shop(), idOf(7), 'is_featured_author', true);
  setPlan(shop(), idOf(11), 'gold');
  const created = createCustomer(shop(), { firstName: 'New' });
  // Somebody of the platform alone, and somebody whose deletion was told.
  await running().putItem({ user_id: 'legacy-1', shop: SHOP, created_at: '2020-01-01T00:00:00.000Z' });
  await running().post({ topic: 'customers/delete', body: `{"id":${idOf(3)}}` });
  shop().remove(idOf(3));

  const report = await check();
  assert.deepEqual(figuresOf(report), {
    complete: true,
    mode: 'check',
    listed: PEOPLE - 1,
    differing: 4,
    differences: { missing_here: 1, extra_here: 1, stale: 1, wrong_entitlements: 2 },
    extra_here: 1,
  });
  assert.deepEqual([report.removed, report.unconfirmed_removals], [0, 0]);
  assert.equal(await standingUser(running(), created), undefined);
  assert.notEqual(await standingUser(running(), idOf(1)), undefined);

  const csv = await asNow(running()).get('/api/sync/differences.csv');
  const [head = '', ...lines] = csv.text.trim().split('\r\n');
  assert.match(head, /difference,shopify_id,user_id,attributes,shopify_updated_at,user_updated_at,repaired$/);
  const rows = lines.map((line) => line.split(',').slice(0, 4).join(','));
  assert.deepEqual(
    rows.toSorted(),
    [
      `extra_here,${idOf(1)},${SHOP}#${idOf(1)},`,
      `missing_here,${created},${SHOP}#${created},${rows.find((row) => row.startsWith('missing'))?.split(',')[3]}`,
      `stale,${idOf(2)},${SHOP}#${idOf(2)},last_name shopify_updated_at source_digest`,
      `wrong_entitlements,${idOf(7)},${SHOP}#${idOf(7)},is_featured_author`,
      `wrong_entitlements,${idOf(11)},${SHOP}#${idOf(11)},membership membership_id`,
    ].toSorted(),
  );
  assert.ok(lines.every((line) => line.endsWith(',false')));
  assert.equal(csv.text.includes('@'), false, 'no personal data');
});

test('a full sync that applies repairs all of it, and the next check finds nothing', async () => {
  const report = await runFullSync(running());
  assert.deepEqual(
    [report.complete, report.written, report.removed, report.extra_here, report.differences],
    [true, 4, 1, 0, { missing_here: 1, extra_here: 1, stale: 1, wrong_entitlements: 2 }],
  );
  const csv = await asNow(running()).get('/api/sync/differences.csv');
  const lines = csv.text.trim().split('\r\n').slice(1);
  assert.deepEqual([lines.length, lines.every((line) => line.endsWith(',true'))], [5, true]);
  await assertEqualToShop(running());
  assert.equal(await standingUser(running(), idOf(1)), undefined);
  assert.deepEqual(figuresOf(await check()).differences, NONE);
});

test('an account state that changed without a webhook and without its time comes with the next full sync', async () => {
  const changed = ids.slice(20, 60);
  for (const id of changed) {
    const { updatedAt } = shop().customers.get(id) ?? {};
    shop().update(id, { state: 'disabled' });
    const customer = shop().customers.get(id);
    if (customer !== undefined) Object.assign(customer, { updatedAt });
  }
  assert.equal((await check()).differences.stale, changed.length);
  const report = await runFullSync(running());
  assert.deepEqual([report.complete, report.written], [true, changed.length]);
  await assertEqualToShop(running());
});

test('who comes or is changed while everybody is being checked is no difference', async () => {
  at().bulk.spoilers.push((text) => {
    // The result stands; from now on webhooks tell what happens.
    const id = createCustomer(shop(), { firstName: 'Late' });
    shop().update(idOf(4), { lastName: 'Later' });
    late.push(id, idOf(4));
    return text;
  });
  const late: string[] = [];
  const delivered: Promise<number>[] = [];
  const stop = shop().subscribe((message) => void delivered.push(running().post(message)));
  const report = await check();
  stop();
  await Promise.all(delivered);
  assert.deepEqual([report.complete, report.differing, report.differences], [true, 0, NONE]);
  assert.equal(late.length, 2);
});

test('a result that is cut is never taken for everybody, so that nobody counts as deleted', async () => {
  const cut = (text: string) => `${text.split('\n').slice(0, 100).join('\n')}\n`;
  at().bulk.spoilers.push(cut, cut, cut);
  const report = await check();
  assert.equal(report.complete, false);
  assert.match(String(report.problem), /100 different customers/);
  assert.deepEqual(report.differences, NONE);
});

test('where bulk operations are refused everybody is read page by page', async () => {
  at().bulk.refusals.push('INVALID');
  shop().update(idOf(5), { lastName: 'Paged' });
  const checked = await check();
  assert.deepEqual(
    [checked.complete, checked.reader, checked.listed, checked.differences.stale],
    [true, 'pages', shop().customers.size, 1],
  );
  at().bulk.refusals.push('INVALID');
  const report = await runFullSync(running());
  assert.deepEqual([report.complete, report.reader, report.written], [true, 'pages', 1]);
  await assertEqualToShop(running());
});

test('what a check has found of one shop is not another’s', async () => {
  shop().update(idOf(6), { lastName: 'Lost' });
  assert.equal((await check()).differing, 1);
  const other = await asNow(running(), OTHER_SHOP).get('/api/sync/differences.csv');
  assert.equal(other.text.trim().split('\r\n').length, 1);
});

test('a check moves nothing of when the next full sync is due', async () => {
  const { lastApply } = await reportsOf(running());
  await check();
  const { dueAt } = (await running().rollcall.ledger.jobs.list(SHOP)).get('full') ?? {};
  assert.equal(Date.parse(dueAt ?? ''), Date.parse(lastApply?.finished_at ?? '') + 7 * 24 * HOUR_MS);
});

test('the command says how many differ and ends with 1, and with 0 after it was applied', async () => {
  shop().update(idOf(9), { lastName: 'Away' });
  // A process of its own has the real time, which is behind by now.
  const start = (...args: string[]) =>
    startProcess('src/cli/rollcall.js', {
      cwd: aDirectory(),
      args: ['sync', 'full', '--shop', SHOP, ...args],
      env: { ...running().environment, LOG_LEVEL: 'silent' },
    });
  const open = start('--mode', 'check');
  assert.equal(await open.exited, 1, open.output());
  assert.match(open.output(), /"stale":2.*\n2 users are not what Shopify says/);
  const forScript = start('--mode', 'check', '--json');
  assert.equal(await forScript.exited, 1, forScript.output());
  const { complete, differing } = JSON.parse(forScript.stdout());
  assert.deepEqual([complete, differing], [true, 2]);
  const applying = start('--mode', 'apply');
  assert.equal(await applying.exited, 0, applying.output());
  assert.match(applying.output(), /"written":2.*\nComplete/);
  const good = start('--mode', 'check');
  assert.equal(await good.exited, 0, good.output());
  assert.match(good.output(), /Every user is what Shopify says/);
  await eventually(() => assertEqualToShop(running()));
});
