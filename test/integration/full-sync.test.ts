import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import {
  assertEqualToShop,
  certificatesOf,
  expectedUser,
  runBackfill,
  existingUser,
} from '../support/backfill.ts';
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

const post = () => as(running()).post('/api/sync/backfill');

test('an empty shop is a success', async () => {
  await as(running(), OTHER_SHOP).get('/api/admins').expect(200);
  const certificate = await runBackfill(running(), OTHER_SHOP);
  assert.deepEqual([certificate.complete, certificate.object_count, certificate.lines_read], [true, 0, 0]);
});

test('customers come with their flags and plans, and a second run finds all as it is', async () => {
  const size = shop().customers.size;
  const first = await runBackfill(running());
  assert.deepEqual(
    [first.complete, first.object_count, first.lines_read, first.failed, first.operations],
    [true, size, size, 0, 1],
  );
  // A write whose answer was late is found to stand when it is tried again.
  assert.equal(first.written + first.unchanged, size);
  await assertEqualToShop(running());
  const second = await runBackfill(running());
  assert.deepEqual([second.complete, second.unchanged, second.written], [true, size, 0]);
  assert.equal(second.digest, first.digest);
  assert.deepEqual((await certificatesOf(running())).complete, second);
});

test(
  'the certificate says how many write units were used',
  { skip: !countsUnits && 'dynalite does not count units as DynamoDB does' },
  async () => {
    // The second of them has no role and no plan: the item and its copy in shopify_id-index are written.
    const id = [...shop().customers.keys()][1] ?? '';
    await runBackfill(running());
    shop().update(id, { lastName: 'Changed' });
    const certificate = await runBackfill(running());
    assert.deepEqual([certificate.written, certificate.write_units], [1, 2]);
  },
);

test('an operation that takes its time is asked about until it is over', async () => {
  at().bulk.polls = 3;
  const certificate = await runBackfill(running());
  at().bulk.polls = 1;
  assert.deepEqual([certificate.complete, certificate.operations], [true, 1]);
  // Two to start it, three to ask for it, and the download.
  assert.equal(certificate.requests, 6);
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
      const certificate = await runBackfill(running());
      assert.deepEqual(
        [certificate.complete, certificate.operations, certificate.lines_read],
        [true, 2, shop().customers.size],
      );
    });

  test('three times: the run ends, says why, and the next one is complete', async () => {
    const before = await runBackfill(running());
    const spoil = (text: string) => lines(text).slice(1).join('\n');
    at().bulk.spoilers.push(spoil, spoil, spoil);
    const certificate = await runBackfill(running());
    assert.deepEqual([certificate.complete, certificate.operations], [false, 3]);
    const { size } = shop().customers;
    assert.match(
      certificate.problem ?? '',
      new RegExp(`has ${size - 1} different lines, and Shopify counts ${size} objects`),
    );
    const { last, complete } = await certificatesOf(running());
    assert.deepEqual(last, certificate);
    assert.deepEqual(complete, before);
    assert.equal((await runBackfill(running())).complete, true);
  });

  test('lines in another order, some of them twice, are all of the customers', async () => {
    at().bulk.spoilers.push((text) => {
      const all = lines(text).toReversed();
      return [...all, ...all.slice(10, 30)].join('\n');
    });
    const certificate = await runBackfill(running());
    assert.deepEqual(
      [certificate.complete, certificate.operations, certificate.lines_read, certificate.duplicate],
      [true, 1, shop().customers.size + 20, 20],
    );
  });

  test('a result that has changed between two downloads is not gone on with', async () => {
    at().faults.next('dropped', { on: 'bulk_download' });
    at().bulk.spoilers.push(String, (text) => lines(text).toReversed().join('\n'));
    const certificate = await runBackfill(running());
    assert.deepEqual(
      [certificate.complete, certificate.operations, certificate.lines_read],
      [true, 2, shop().customers.size],
    );
  });
});

describe('an operation that ends otherwise is followed by another', () => {
  test('FAILED: what there is of it is taken', async () => {
    const id = createCustomer(shop(), { firstName: 'Partial' });
    at().bulk.faults.push(
      { status: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR', partialLines: shop().customers.size },
      { status: 'FAILED', errorCode: 'TIMEOUT', partialLines: 0 },
      { status: 'FAILED', errorCode: 'TIMEOUT', partialLines: 0 },
    );
    const certificate = await runBackfill(running());
    assert.deepEqual([certificate.complete, certificate.operations], [false, 3]);
    assert.match(certificate.problem ?? '', /FAILED/);
    assert.deepEqual(await existingUser(running(), id), expectedUser(shop(), id));
    assert.equal((await runBackfill(running())).complete, true);
  });

  for (const status of ['CANCELED', 'EXPIRED'] as const)
    test(status, async () => {
      at().bulk.faults.push({ status });
      const certificate = await runBackfill(running());
      assert.deepEqual([certificate.complete, certificate.operations], [true, 2]);
    });

  test('a result that expires before it is read', async () => {
    at().bulk.spoilers.push((text) => {
      for (const operation of at().bulk.operations.values()) operation.expire();
      return text;
    });
    at().faults.next('dropped', { on: 'bulk_download' });
    const certificate = await runBackfill(running());
    assert.deepEqual([certificate.complete, certificate.operations], [true, 2]);
  });
});

describe('trouble on the way', () => {
  for (const fault of ['too_many_requests', 'server_error', 'bad_gateway', 'dropped'] as const)
    test(`${fault} of a download: it goes on where it was`, async () => {
      at().faults.next(fault, { on: 'bulk_download', times: 2 });
      const certificate = await runBackfill(running());
      assert.deepEqual(
        [certificate.complete, certificate.operations, certificate.lines_read],
        [true, 1, shop().customers.size],
      );
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
    const certificate = await runBackfill(running());
    faults.take = take;
    assert.deepEqual([certificate.complete, bulk.operations.size], [true, before + 1]);
  });
});

test('it is asked for by the page, once at a time', async () => {
  const { status, body } = await post();
  assert.equal(status, 202);
  assert.equal(body.job.kind, 'backfill');
  assert.deepEqual([(await post()).status, (await post()).body.error.code], [409, 'job_running']);
  await eventually(async () =>
    assert.equal((await certificatesOf(running())).last?.started_at, body.job.started_at),
  );
});
