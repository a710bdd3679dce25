import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { as } from '../support/api.ts';
import {
  assertEqualToShop,
  compareAll,
  expectedUser,
  runBackfill,
  existingUser,
} from '../support/backfill.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setRole, setPlan } from '../support/merchant.ts';

const PEOPLE = 230;

let ids: string[] = [];
const running = useRollcall({}, async (program) => {
  await openPage(program);
  const { shop } = program.shops.shop(SHOP);
  savePlan(shop, 'gold', { name: 'Gold', tier: '3' });
  ids = createPeople(shop, PEOPLE);
  await runBackfill(program);
});
// Whatever a test has left different is repaired before the next one.
beforeEach(async () => void (await compareAll(running(), true)));
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const idOf = (n: number) => ids[n] ?? '';
const NONE = { missing_here: 0, extra_here: 0, stale: 0, wrong_entitlements: 0, repaired: 0, unreadable: 0 };

/** Compares everybody, and resolves to the report. */
async function compare(repair: boolean): Promise<Record<string, unknown>> {
  const { started_at: _, finished_at: __, ...figures } = await compareAll(running(), repair);
  return figures;
}

test('where nothing differs nothing is found, nobody is asked for one by one, and nothing is written', async () => {
  const before = await running().item(`${SHOP}#${idOf(0)}`);
  const asked = at().counts.graphql;
  assert.deepEqual(await compare(false), {
    complete: true,
    dry_run: true,
    compared: shop().customers.size,
    ...NONE,
  });
  assert.ok(at().counts.graphql - asked <= 4, 'to start the operation and to ask for its end');
  assert.deepEqual(await running().item(`${SHOP}#${idOf(0)}`), before);
});

test('a dry run finds whom lost webhooks have left wrong and whom Shopify deleted, and changes nothing', async () => {
  shop().remove(idOf(1));
  shop().update(idOf(2), { lastName: 'Renamed' });
  setRole(shop(), idOf(7), 'is_featured_author', true);
  setPlan(shop(), idOf(11), 'gold');
  const created = createCustomer(shop(), { firstName: 'New' });
  // Somebody of the platform alone, and somebody whose deletion was told.
  await running().putItem({ user_id: 'legacy-1', shop: SHOP, created_at: '2020-01-01T00:00:00.000Z' });
  await running().post({ topic: 'customers/delete', body: `{"id":${idOf(3)}}` });
  shop().remove(idOf(3));

  const found = {
    missing_here: 1,
    extra_here: 1,
    stale: 1,
    wrong_entitlements: 2,
    repaired: 0,
    unreadable: 0,
  };
  assert.deepEqual(await compare(false), {
    complete: true,
    dry_run: true,
    compared: shop().customers.size,
    ...found,
  });
  assert.equal(await existingUser(running(), created), undefined);
  assert.notEqual(await existingUser(running(), idOf(1)), undefined);

  const { body } = await as(running()).get('/api/sync');
  assert.deepEqual(body.drift, { ...body.drift, ...found, problem: null, complete: true, dry_run: true });
  const csv = await as(running()).get('/api/sync/drift.csv');
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
  assert.equal(csv.text.includes('@'), false, 'no personal data');
});

test('with repair all of it is repaired, and the next comparison finds nothing', async () => {
  shop().remove(idOf(21));
  shop().update(idOf(22), { lastName: 'Renamed' });
  setRole(shop(), idOf(23), 'is_featured_author', true);
  setPlan(shop(), idOf(26), 'gold');
  createCustomer(shop(), { firstName: 'New' });
  const found = {
    missing_here: 1,
    extra_here: 1,
    stale: 1,
    wrong_entitlements: 2,
    repaired: 5,
    unreadable: 0,
  };
  assert.deepEqual(await compare(true), {
    complete: true,
    dry_run: false,
    compared: shop().customers.size,
    ...found,
  });
  await assertEqualToShop(running());
  assert.equal(await existingUser(running(), idOf(21)), undefined);
  assert.deepEqual(await compare(false), {
    complete: true,
    dry_run: true,
    compared: shop().customers.size,
    ...NONE,
  });
});

test('who comes or is changed while everybody is being compared is no difference', async () => {
  at().bulk.spoilers.push((text) => {
    // The result stands; from now on webhooks tell what happens.
    const id = createCustomer(shop(), { firstName: 'Late' });
    shop().update(idOf(4), { lastName: 'Later' });
    const told = [id, idOf(4)].map((one) => ({ id: one, ...expectedUser(shop(), one) }));
    late.push(...told);
    return text;
  });
  const late: Record<string, unknown>[] = [];
  const delivered: Promise<number>[] = [];
  let delivers = true;
  shop().subscribe((message) => {
    if (delivers) delivered.push(running().post(message));
  });
  assert.deepEqual(
    { ...(await compare(false)), compared: 0 },
    { complete: true, dry_run: true, compared: 0, ...NONE },
  );
  assert.equal(late.length, 2);
  delivers = false;
  await Promise.all(delivered);
});

test('a result that is cut is never taken for a comparison of everybody', async () => {
  const cut = (text: string) => `${text.split('\n').slice(0, 100).join('\n')}\n`;
  at().bulk.spoilers.push(cut, cut, cut);
  const report = await compare(false);
  assert.equal(report['complete'], false);
  assert.match(String(report['problem']), /100 different lines/);
  assert.deepEqual({ ...NONE, ...report }, { ...report, ...NONE });
});

test('where bulk operations are refused everybody is compared page by page', async () => {
  at().bulk.refusals.push('INVALID');
  shop().update(idOf(5), { lastName: 'Paged' });
  const report = await compare(true);
  assert.deepEqual([report['complete'], report['compared']], [true, shop().customers.size]);
  await assertEqualToShop(running());
});

test('the API starts one at a time, repairs only if told so, and keeps one shop’s findings from another', async () => {
  assert.equal((await as(running()).post('/api/sync/compare', {})).status, 400);
  assert.equal((await as(running()).post('/api/sync/compare?repair=true', { repair: true })).status, 400);
  const [one, two] = await Promise.all(
    [1, 2].map(() => as(running()).post('/api/sync/compare', { repair: false })),
  );
  assert.deepEqual(
    [one?.status, two?.status].toSorted((a = 0, b = 0) => a - b),
    [202, 409],
  );
  await eventually(async () => {
    const { body } = await as(running()).get('/api/sync');
    assert.equal(body.job, null);
    assert.equal(body.drift.complete, true);
  });
  const other = await as(running(), OTHER_SHOP).get('/api/sync/drift.csv');
  assert.equal(other.text.trim().split('\r\n').length, 1);
});

test('it runs once a week by itself, repairs nothing then, and one that was left is begun again', async () => {
  const { scheduler } = running().rollcall;
  const operations = () => at().bulk.operations.size;
  const lastOperation = () => [...at().bulk.operations.keys()].at(-1);
  const before = operations();
  await scheduler.runShop(SHOP);
  assert.equal(operations(), before, 'the last one was just now');

  const { body } = await as(running()).get('/api/sync');
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const { at: _, problem: __, ...report } = body.drift;
  await running().putInLedger({ pk: `${SHOP}#drift`, sk: 'last', ...report, finished_at: daysAgo(8) });
  shop().update(idOf(6), { lastName: 'Lost' });
  await scheduler.runShop(SHOP);
  await eventually(async () => {
    const { drift } = (await as(running()).get('/api/sync')).body;
    assert.deepEqual([drift.dry_run, drift.at > daysAgo(1)], [true, true]);
  });

  // A process that was told to repair has died.
  const { job } = (await as(running()).post('/api/sync/compare', { repair: true })).body;
  await eventually(async () => assert.equal((await as(running()).get('/api/sync')).body.job, null));
  await running().putInLedger({
    pk: `${SHOP}#job`,
    sk: 'compare',
    progress: { ...job, state: 'applying', started_at: daysAgo(1), operation: lastOperation() },
  });
  setRole(shop(), idOf(8), 'is_admin', true);
  await scheduler.runShop(SHOP);
  await eventually(async () => {
    const { drift } = (await as(running()).get('/api/sync')).body;
    assert.deepEqual([drift.wrong_entitlements, drift.repaired], [1, 1]);
  });
  await assertEqualToShop(running());
});

test('the command says how many differ and ends with 1, and with --repair with 0', async () => {
  shop().update(idOf(9), { lastName: 'Away' });
  const start = (...args: string[]) =>
    startProcess('src/cli/rollcall.js', {
      cwd: aDirectory(),
      args: ['sync', 'compare', '--shop', SHOP, ...args],
      env: { ...running().environment, LOG_LEVEL: 'silent' },
    });
  const dry = start();
  assert.equal(await dry.exited, 1, dry.output());
  assert.match(dry.output(), /"stale":1.*\n1 users are not what Shopify says/);
  const forScript = start('--json');
  assert.equal(await forScript.exited, 1, forScript.output());
  const { complete, stale } = JSON.parse(forScript.stdout());
  assert.deepEqual([complete, stale], [true, 1]);
  const healing = start('--repair');
  assert.equal(await healing.exited, 0, healing.output());
  assert.match(healing.output(), /"repaired":1.*\nEvery user is what Shopify says/);
});
