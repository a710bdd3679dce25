import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import {
  assertEqualToShop,
  expectedUser,
  reportsOf,
  runFullSync,
  standingUser,
} from '../support/full-sync.ts';
import { createPeople } from '../support/create-people.ts';
import { countsUnits } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';
import { createCustomer, openPage, savePlan } from '../support/merchant.ts';

const PEOPLE = soak(250, 1000);
const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: '100000' }, async (program) => {
  await openPage(program);
  const { shop: itsShop } = program.shops.shop(SHOP);
  savePlan(itsShop, 'gold', {
    name: 'Gold',
    tier: '3',
    price: '9.5',
    currency: 'EUR',
    interval: 'month',
  });
  createPeople(itsShop, PEOPLE);
});
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;

test('an empty shop is a success', async () => {
  await as(running(), OTHER_SHOP).get('/api/admins').expect(200);
  const report = await runFullSync(running(), { shop: OTHER_SHOP });
  assert.deepEqual([report.complete, report.listed, report.reader], [true, 0, 'bulk']);
});

test('customers come with their flags and plans, and a second run finds all as it is', async () => {
  const size = shop().customers.size;
  const first = await runFullSync(running());
  assert.deepEqual([first.complete, first.listed, first.failed, first.listings], [true, size, 0, 1]);
  // A write whose answer was late is found to stand when it is tried again.
  assert.equal((first.written ?? 0) + first.unchanged, size);
  await assertEqualToShop(running());
  const second = await runFullSync(running());
  assert.deepEqual([second.complete, second.unchanged, second.written], [true, size, 0]);
  assert.deepEqual((await reportsOf(running())).last, second);
  // Nobody was here before the first one, which is no difference to tell of.
  assert.equal(first.differences.missing_here, first.written);
  assert.deepEqual((await as(running()).get('/api/sync/differences.csv')).text.split('\r\n').length, 2);
});

test(
  'the report says how many write units were used',
  { skip: !countsUnits && 'dynalite does not count units as DynamoDB does' },
  async () => {
    // The second of them has no flag and no plan: the item and its copy in shopify_id-index are written.
    const id = [...shop().customers.keys()][1] ?? '';
    await runFullSync(running());
    shop().update(id, { lastName: 'Changed' });
    const report = await runFullSync(running());
    assert.deepEqual([report.written, report.write_units], [1, 2]);
  },
);

test('an operation that takes its time is asked about until it is over', async () => {
  at().bulk.polls = 3;
  const report = await runFullSync(running());
  at().bulk.polls = 1;
  assert.deepEqual([report.complete, report.listings], [true, 1]);
  // Two to start it, three to ask for it, and the download.
  assert.equal(report.requests, 6);
});

describe('a result that is not what it should be never makes a run complete', () => {
  const lines = (text: string) => text.trimEnd().split('\n');
  const spoiled: readonly [string, (text: string) => string][] = [
    ['its last line is cut', (text) => text.slice(0, -20)],
    ['a line is missing', (text) => lines(text).slice(1).join('\n')],
    ['a line is no JSON', (text) => text.replace('\n', '\n<html>\n')],
    ['one line stands for another', (text) => [...lines(text).slice(1), lines(text)[5]].join('\n')],
    ['it is empty', () => ''],
  ];

  for (const [name, spoil] of spoiled)
    test(`${name}: another operation follows, and the run says how many there were`, async () => {
      at().bulk.spoilers.push(spoil);
      const report = await runFullSync(running());
      assert.deepEqual([report.complete, report.listings, report.listed], [true, 2, shop().customers.size]);
    });

  test('three times: the run ends, says why, and the next one is complete', async () => {
    const spoil = (text: string) => lines(text).slice(1).join('\n');
    at().bulk.spoilers.push(spoil, spoil, spoil);
    const report = await runFullSync(running());
    assert.deepEqual([report.complete, report.listings, report.incomplete_runs], [false, 3, 1]);
    const { size } = shop().customers;
    assert.match(
      report.problem ?? '',
      new RegExp(`has ${size - 1} different customers, and Shopify counts ${size}`),
    );
    assert.deepEqual((await reportsOf(running())).last, report);
    assert.equal((await runFullSync(running())).complete, true);
  });

  test('blank lines and ends of lines of another system are skipped', async () => {
    at().bulk.spoilers.push((text) => `\r\n\n${lines(text).join('\r\n\r\n  \r\n')}\r\n\r\n`);
    const report = await runFullSync(running());
    assert.deepEqual(
      [report.complete, report.listings, report.listed, report.unreadable],
      [true, 1, shop().customers.size, 0],
    );
  });

  test('what belongs to a customer is no customer: Shopify counts it among the objects only', async () => {
    at().bulk.spoilers.push((text) =>
      lines(text)
        .flatMap((line) => [
          line,
          JSON.stringify({ id: 'gid://shopify/Order/1', __parentId: JSON.parse(line).id }),
        ])
        .join('\n'),
    );
    const report = await runFullSync(running());
    assert.deepEqual([report.complete, report.listings, report.listed], [true, 1, shop().customers.size]);
  });

  test('lines in another order, some of them twice, are all of the customers', async () => {
    at().bulk.spoilers.push((text) => {
      const all = lines(text).toReversed();
      return [...all, ...all.slice(10, 30)].join('\n');
    });
    const report = await runFullSync(running());
    assert.deepEqual(
      [report.complete, report.listings, report.listed, report.duplicate],
      [true, 1, shop().customers.size + 20, 20],
    );
  });

  test('a result that has changed between two downloads is not gone on with', async () => {
    at().faults.next('dropped', { on: 'bulk_download' });
    at().bulk.spoilers.push(String, (text) => lines(text).toReversed().join('\n'));
    const report = await runFullSync(running());
    assert.deepEqual([report.complete, report.listings, report.listed], [true, 2, shop().customers.size]);
  });
});

describe('an operation that ends otherwise is followed by another', () => {
  test('three that FAILED are followed by pages, and the report has Shopify’s code', async () => {
    const id = createCustomer(shop(), { firstName: 'Partial' });
    const { size } = shop().customers;
    const failed = { status: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR', partialLines: size - 2 } as const;
    at().bulk.faults.push(failed, failed, { ...failed, errorCode: 'TIMEOUT' });
    const report = await runFullSync(running());
    assert.deepEqual(
      [report.complete, report.reader, report.listings, report.listed, report.error_code],
      [true, 'pages', 4, size, 'TIMEOUT'],
    );
    assert.deepEqual(await standingUser(running(), id), expectedUser(shop(), id));
    assert.equal((await runFullSync(running())).reader, 'bulk');
  });

  for (const status of ['CANCELED', 'EXPIRED'] as const)
    test(status, async () => {
      at().bulk.faults.push({ status });
      const report = await runFullSync(running());
      assert.deepEqual([report.complete, report.listings], [true, 2]);
    });

  test('a result that expires before it is read', async () => {
    at().bulk.spoilers.push((text) => {
      for (const operation of at().bulk.operations.values()) operation.expire();
      return text;
    });
    at().faults.next('dropped', { on: 'bulk_download' });
    const report = await runFullSync(running());
    assert.deepEqual([report.complete, report.listings], [true, 2]);
  });
});

describe('trouble on the way', () => {
  for (const fault of ['too_many_requests', 'server_error', 'bad_gateway', 'dropped'] as const)
    test(`${fault} of a download: it goes on where it was`, async () => {
      at().faults.next(fault, { on: 'bulk_download', times: 2 });
      const report = await runFullSync(running());
      assert.deepEqual([report.complete, report.listings, report.listed], [true, 1, shop().customers.size]);
    });

  test('the answer to the start is lost: the operation that runs is taken over', async () => {
    const { faults, bulk } = at();
    const before = bulk.operations.size;
    const take = faults.take.bind(faults);
    let queries = 0;
    // The first query looks for an operation that runs, the second starts one.
    faults.take = (kind) => {
      if (kind === 'graphql') queries += 1;
      return queries === 2 ? 'answer_lost' : undefined;
    };
    const report = await runFullSync(running());
    faults.take = take;
    assert.deepEqual([report.complete, bulk.operations.size], [true, before + 1]);
  });
});

test('it is asked for by the page, once at a time', async () => {
  const post = (body: object) => as(running()).post('/api/sync/full', body);
  const { last: before } = await reportsOf(running());
  const { status, body } = await post({ mode: 'apply' });
  assert.equal(status, 202);
  assert.equal(body.job.kind, 'full');
  const again = await post({ mode: 'apply' });
  assert.deepEqual([again.status, again.body.error.code], [409, 'job_running']);
  await eventually(async () =>
    assert.notEqual((await reportsOf(running())).last?.started_at, before?.started_at),
  );
});
