import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createClock } from '../../simulator/shop/visit.ts';
import { createItems } from '../../src/ledger/items.ts';
import { createJobs, type JobClaim, type Jobs } from '../../src/ledger/jobs.ts';
import { ledgerTable } from '../../src/ledger/ledger-schema.ts';
import { createMissingTable } from '../../src/tables/ensure-table.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { aPrefix } from '../support/tables.ts';

const LEASE_SECONDS = 30;
const prefix = aPrefix();
const table = prefix + ledgerTable.name;
let engine: Engine;
let client: DynamoDBDocumentClient;

before(async () => {
  engine = await startEngine();
  client = DynamoDBDocumentClient.from(engine.client, { marshallOptions: { removeUndefinedValues: true } });
  await createMissingTable({ client: engine.client, prefix }, ledgerTable);
});
after(() => engine.close());

/** Jobs of a shop that no other test has, by a clock of their own. */
function aShop() {
  const clock = createClock();
  const shop = `${randomUUID()}.myshopify.com`;
  const jobsAt = (now: () => Date, version?: number) => createJobs({ client, table, now, version });
  return { clock, shop, jobs: jobsAt(clock.now), jobsAt };
}

async function claim(jobs: Jobs, shop: string, name = 'plans'): Promise<JobClaim> {
  const taken = await jobs.claim(shop, name, 'short');
  assert.ok(taken !== undefined, `${name} is due`);
  return taken;
}

const isDue = async (jobs: Jobs, shop: string, name = 'plans') => {
  for await (const due of jobs.listDue('short')) if (due.shop === shop && due.name === name) return true;
  return false;
};
const stateOf = async (jobs: Jobs, shop: string, name = 'plans') => (await jobs.list(shop)).get(name);
const later = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000);
const STALLED = { since: '2026-11-01T12:00:00.000Z', reason: 'unavailable_shop', attempts: 3 };

describe('due times', () => {
  test('those due the longest come first, those of later not at all', async () => {
    const { shop, jobs, clock } = aShop();
    for (const [name, seconds] of [
      ['c', -1],
      ['a', -9],
      ['b', -5],
      ['d', 1],
    ] as const)
      await jobs.schedule(shop, name, 'short', later(clock.now(), seconds));
    const names: string[] = [];
    for await (const due of jobs.listDue('short')) if (due.shop === shop) names.push(due.name);
    assert.deepEqual(names, ['a', 'b', 'c']);
  });

  test('a job of one queue is not found in the other', async () => {
    const { shop, jobs } = aShop();
    await jobs.request(shop, 'full', 'full');
    assert.equal(await isDue(jobs, shop, 'full'), false);
    assert.equal(await jobs.claim(shop, 'full', 'short'), undefined);
    assert.ok((await jobs.claim(shop, 'full', 'full')) !== undefined);
  });

  test('a job that has ended is due again when it said, and one that said nothing only when requested', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    assert.equal(await (await claim(jobs, shop)).finish(later(clock.now(), 60)), 'ended');
    assert.equal(await isDue(jobs, shop), false);
    clock.pass(60);
    assert.equal(await isDue(jobs, shop), true);
    assert.equal(await (await claim(jobs, shop)).finish(undefined), 'ended');
    clock.pass(1e6);
    assert.equal(await isDue(jobs, shop), false);
    assert.deepEqual([...(await jobs.list(shop))], []);
    await jobs.request(shop, 'plans', 'short');
    assert.equal(await isDue(jobs, shop), true);
  });

  test('of two instants the earlier stands', async () => {
    const { shop, jobs, clock } = aShop();
    const [soon, late] = [later(clock.now(), 10), later(clock.now(), 20)];
    await jobs.schedule(shop, 'a', 'short', soon);
    await jobs.schedule(shop, 'a', 'short', late);
    await jobs.schedule(shop, 'b', 'short', late);
    await jobs.schedule(shop, 'b', 'short', soon);
    for (const name of ['a', 'b']) assert.equal((await stateOf(jobs, shop, name))?.dueAt, soon.toISOString());
  });
});

describe('claims', () => {
  test('a job is one process’ until its lease ends; then it is due again, where it was saved last', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    const first = await claim(jobs, shop);
    assert.equal(await first.save({ page: 7 }), true);
    assert.equal(await isDue(jobs, shop), false);
    assert.equal(await jobs.claim(shop, 'plans', 'short'), undefined);
    clock.pass(LEASE_SECONDS + 1);
    assert.equal(await isDue(jobs, shop), true);
    const second = await claim(jobs, shop);
    assert.deepEqual(second.progress, { page: 7 });
    assert.equal(await first.save({ page: 8 }), false, 'the first one has lost it');
    assert.equal(await first.pause(clock.now()), false);
    assert.equal(await first.finish(undefined), 'lost');
    assert.equal(await second.save({ page: 9 }), true);
  });

  test('saving keeps a job for as long again', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    const held = await claim(jobs, shop);
    for (const page of [1, 2, 3]) {
      clock.pass(LEASE_SECONDS - 1);
      assert.equal(await held.save({ page }), true);
    }
    assert.equal((await stateOf(jobs, shop))?.isHeld, true);
  });

  test('a job that is paused goes on when it is due, with why it stalls', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    const first = await claim(jobs, shop);
    await first.save({ page: 1 });
    assert.equal(await first.pause(later(clock.now(), 300), STALLED), true);
    assert.equal(await isDue(jobs, shop), false);
    clock.pass(300);
    const { progress, stalled } = await claim(jobs, shop);
    assert.deepEqual({ progress, stalled }, { progress: { page: 1 }, stalled: STALLED });
  });

  test('a job stalls no longer as soon as it gets somewhere', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    const first = await claim(jobs, shop);
    await first.save({ page: 1 });
    await first.pause(clock.now(), STALLED);
    const second = await claim(jobs, shop);
    await second.save({ page: 1 });
    assert.deepEqual([second.stalled, (await stateOf(jobs, shop))?.stalled], [STALLED, STALLED]);
    await second.save({ page: 2 });
    assert.deepEqual([second.stalled, (await stateOf(jobs, shop))?.stalled], [undefined, undefined]);
  });

  test('an entry of the index that is behind takes nothing', async () => {
    const { shop, jobs, clock } = aShop();
    assert.equal(await jobs.claim(shop, 'gone', 'short'), undefined);
    assert.deepEqual([...(await jobs.list(shop))], []);
    await jobs.schedule(shop, 'plans', 'short', later(clock.now(), 1));
    assert.equal(await jobs.claim(shop, 'plans', 'short'), undefined);
  });
});

describe('requests', () => {
  test('one during a run makes another run, at once and for all of them', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    const first = await claim(jobs, shop);
    await jobs.request(shop, 'plans', 'short');
    await jobs.request(shop, 'plans', 'short');
    await first.save({ page: 1 });
    assert.equal(await first.finish(later(clock.now(), 300)), 'again');
    const second = await claim(jobs, shop);
    assert.equal(second.progress, undefined);
    assert.equal(await second.finish(undefined), 'ended');
  });

  test('one during a run that its process leaves is not taken for answered by who goes on with it', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    await (await claim(jobs, shop)).save({ page: 1 });
    await jobs.request(shop, 'plans', 'short');
    clock.pass(LEASE_SECONDS + 1);
    assert.equal(await (await claim(jobs, shop)).finish(undefined), 'again');
  });

  test('one that comes as a run ends is never lost', async () => {
    const { shop, jobs } = aShop();
    for (let round = 0; round < 20; round += 1) {
      await jobs.request(shop, 'plans', 'short');
      const held = await claim(jobs, shop);
      const [, ended] = await Promise.all([jobs.request(shop, 'plans', 'short'), held.finish(undefined)]);
      assert.equal(await isDue(jobs, shop), true, ended);
      await (await claim(jobs, shop)).finish(undefined);
    }
  });

  for (const minutes of [-10, 10])
    test(`one by a clock that is ${minutes} minutes off makes another run all the same`, async () => {
      const { shop, jobs, jobsAt, clock } = aShop();
      const others = jobsAt(() => later(clock.now(), minutes * 60));
      await jobs.request(shop, 'plans', 'short');
      const held = await claim(jobs, shop);
      await others.request(shop, 'plans', 'short');
      assert.equal(await held.save({ page: 1 }), true);
      assert.equal(await held.finish(later(clock.now(), 1e6)), 'again');
      assert.equal(await isDue(jobs, shop), true);
    });

  test('one makes a job due that stalls for hours', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    await (await claim(jobs, shop)).pause(later(clock.now(), 20_000), STALLED);
    await jobs.request(shop, 'plans', 'short');
    assert.equal((await claim(jobs, shop)).stalled, undefined);
  });

  test('what is asked for in particular goes to its own run only', async () => {
    const { shop, jobs } = aShop();
    await jobs.request(shop, 'plans', 'short', { mode: 'check' });
    const first = await claim(jobs, shop);
    assert.deepEqual(first.requested, { mode: 'check' });
    await jobs.request(shop, 'plans', 'short');
    assert.equal(await first.finish(undefined), 'again');
    const second = await claim(jobs, shop);
    assert.equal(second.requested, undefined);
    await jobs.request(shop, 'plans', 'short', { mode: 'check' });
    assert.equal(
      (await stateOf(jobs, shop))?.requested,
      undefined,
      'the run that is under way stays as it was',
    );
    assert.equal(await second.finish(undefined), 'again');
    assert.deepEqual((await claim(jobs, shop)).requested, { mode: 'check' });
  });

  test('one of nothing in particular is not answered by a run of something in particular that waits', async () => {
    const { shop, jobs } = aShop();
    await jobs.request(shop, 'plans', 'short', { mode: 'check' });
    await jobs.request(shop, 'plans', 'short');
    const first = await claim(jobs, shop);
    assert.deepEqual(first.requested, { mode: 'check' });
    assert.equal(await first.finish(undefined), 'again');
    const second = await claim(jobs, shop);
    assert.equal(second.requested, undefined);
    assert.equal(await second.finish(undefined), 'ended');
  });

  test('a scheduled instant during a run is not lost either', async () => {
    const { shop, jobs, clock } = aShop();
    await jobs.request(shop, 'plans', 'short');
    const held = await claim(jobs, shop);
    await jobs.schedule(shop, 'plans', 'short', later(clock.now(), 300));
    assert.equal(await held.finish(undefined), 'again');
  });

  test('one if idle is refused while a run waits, is under way or is left', async () => {
    const { shop, jobs, clock } = aShop();
    const ask = () => jobs.requestIfIdle(shop, 'plans', 'short', { mode: 'check' });
    await jobs.schedule(shop, 'plans', 'short', later(clock.now(), 1e5));
    assert.equal(await ask(), true, 'one that is due some time is idle');
    assert.equal(await ask(), false, 'waits');
    const held = await claim(jobs, shop);
    assert.equal(await ask(), false, 'under way');
    await held.save({ page: 1 });
    await held.pause(later(clock.now(), 60));
    assert.equal(await ask(), false, 'left');
    clock.pass(60);
    await (await claim(jobs, shop)).finish(later(clock.now(), 60));
    assert.equal(await ask(), true);
  });
});

describe('resuming', () => {
  test('makes the jobs due that stall and no others, and their back-off begins anew', async () => {
    const { shop, jobs, clock } = aShop();
    for (const name of ['a', 'b', 'c']) await jobs.request(shop, name, 'short');
    await (await claim(jobs, shop, 'a')).pause(later(clock.now(), 20_000), STALLED);
    await (await claim(jobs, shop, 'b')).finish(later(clock.now(), 20_000));
    await (await claim(jobs, shop, 'c')).pause(later(clock.now(), -1), STALLED);
    assert.deepEqual(await jobs.resume(shop), ['a'], 'c is due already');
    assert.deepEqual((await claim(jobs, shop, 'a')).stalled, { ...STALLED, attempts: 0 });
    assert.equal(await isDue(jobs, shop, 'b'), false);
  });
});

describe('cancelling', () => {
  test('takes the jobs away, also from a process that works on one', async () => {
    const { shop, jobs, clock } = aShop();
    for (const name of ['a', 'b']) await jobs.request(shop, name, 'short');
    const held = await claim(jobs, shop, 'a');
    await held.save({ page: 1 });
    await jobs.cancel(shop, await jobs.list(shop));
    assert.equal(await held.save({ page: 2 }), false);
    assert.equal(await held.finish(later(clock.now(), 60)), 'lost');
    clock.pass(1e6);
    assert.deepEqual([...(await jobs.list(shop))], []);
    await jobs.request(shop, 'a', 'short');
    assert.equal((await claim(jobs, shop, 'a')).progress, undefined, 'a later run begins afresh');
  });

  test('leaves what was requested since', async () => {
    const { shop, jobs } = aShop();
    for (const name of ['a', 'b']) await jobs.request(shop, name, 'short');
    const listed = await jobs.list(shop);
    await jobs.request(shop, 'b', 'short');
    await jobs.request(shop, 'c', 'short');
    await jobs.cancel(shop, listed);
    assert.deepEqual([...(await jobs.list(shop)).keys()], ['b', 'c']);
  });
});

describe('processes of two releases', () => {
  test('a run of the later one is left alone by the earlier one, which still asks for the next', async () => {
    const { shop, jobs, jobsAt, clock } = aShop();
    const laters = jobsAt(clock.now, 2);
    await laters.request(shop, 'plans', 'short', { later: true });
    assert.equal(await jobs.claim(shop, 'plans', 'short'), undefined);
    await (await claim(laters, shop)).save({ later: true });
    clock.pass(LEASE_SECONDS + 1);
    assert.equal(await jobs.claim(shop, 'plans', 'short'), undefined, 'nor when its process is gone');
    await jobs.request(shop, 'plans', 'short');
    assert.equal(await (await claim(laters, shop)).finish(undefined), 'again');
    assert.ok((await jobs.claim(shop, 'plans', 'short')) !== undefined, 'a new run is anybody’s');
  });

  test('a run of the earlier one is gone on with by the later one, whose it is from then on', async () => {
    const { shop, jobs, jobsAt, clock } = aShop();
    const laters = jobsAt(clock.now, 2);
    await jobs.request(shop, 'plans', 'short');
    await (await claim(jobs, shop)).save({ page: 1 });
    clock.pass(LEASE_SECONDS + 1);
    const held = await claim(laters, shop);
    assert.deepEqual(held.progress, { page: 1 });
    await held.pause(clock.now());
    assert.equal(await jobs.claim(shop, 'plans', 'short'), undefined);
  });

  test('between two runs a job is of no version, so that a release may be taken back', async () => {
    const { shop, jobs, jobsAt, clock } = aShop();
    const laters = jobsAt(clock.now, 2);
    await laters.request(shop, 'plans', 'short');
    await (await claim(laters, shop)).finish(later(clock.now(), 60));
    clock.pass(60);
    assert.ok((await jobs.claim(shop, 'plans', 'short')) !== undefined);
  });
});

test('items of the ledger whose time is over are not there, also where the engine has not deleted them', async () => {
  const clock = createClock();
  const pk = randomUUID();
  const items = createItems({ client, table, now: clock.now });
  const seconds = clock.now().getTime() / 1000;
  const keys = ['alive', 'expired', 'lasting'].map((sk) => ({ pk, sk }));
  const times = [seconds + 1, seconds, undefined];
  for (const [n, key] of keys.entries())
    await client.send(new PutCommand({ TableName: table, Item: { ...key, expires_at: times[n] } }));
  const listed: unknown[] = [];
  for await (const { sk } of items.list(pk)) listed.push(sk);
  assert.deepEqual(listed, ['alive', 'lasting']);
  assert.deepEqual((await items.getAll(keys)).map(({ sk }) => String(sk)).toSorted(), ['alive', 'lasting']);
  assert.deepEqual(
    (await Promise.all(keys.map((key) => items.get(key)))).map((item) => item !== undefined),
    [true, false, true],
  );
});
