import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import type { JobClaim, Jobs, JobQueue } from '../../src/ledger/jobs.ts';
import { AppError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import type { Flow } from '../../src/sync/jobs/flow.ts';
import { createScheduler } from '../../src/sync/scheduler.ts';

const SHOP = 'a.myshopify.com';

interface FakeJob {
  readonly queue: JobQueue;
  due: number;
  held: boolean;
  again: boolean;
  paused: number;
}

/** Jobs in memory, by the mocked clock. */
function createFakeJobs() {
  const all = new Map<string, FakeJob>();
  const counts = { looks: 0, claims: 0 };
  /** What the index still shows though nothing is due. */
  const stale: { queue: JobQueue; shop: string; name: string }[] = [];
  const keyOf = (shop: string, name: string) => `${shop} ${name}`;

  const jobs: Pick<Jobs, 'listDue' | 'claim'> = {
    async *listDue(queue) {
      counts.looks += 1;
      const due = [...all].filter(([, job]) => job.queue === queue && !job.held && job.due <= Date.now());
      for (const [key] of due.toSorted(([, a], [, b]) => a.due - b.due)) {
        const [shop = '', name = ''] = key.split(' ');
        yield { shop, name };
      }
      yield* stale.filter((entry) => entry.queue === queue);
    },
    async claim(shop, name) {
      counts.claims += 1;
      const job = all.get(keyOf(shop, name));
      if (job === undefined || job.held || job.due > Date.now()) return undefined;
      job.held = true;
      const claim: JobClaim = {
        progress: undefined,
        requested: undefined,
        stalled: undefined,
        leaseMs: 30_000,
        save: async () => true,
        async finish(next) {
          job.held = false;
          job.due = job.again ? Date.now() : (next?.getTime() ?? Infinity);
          const { again } = job;
          job.again = false;
          return again ? 'again' : 'ended';
        },
        async pause(until) {
          job.held = false;
          job.due = until.getTime();
          job.paused += 1;
          return true;
        },
      };
      return claim;
    },
  };

  return {
    jobs,
    counts,
    stale,
    get: (shop: string, name: string) => all.get(keyOf(shop, name)),
    request: (shop: string, name: string, queue: JobQueue = 'short') => {
      const job = all.get(keyOf(shop, name));
      if (job?.held === true) job.again = true;
      else all.set(keyOf(shop, name), { queue, due: Date.now(), held: false, again: false, paused: 0 });
    },
  };
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves the clock on, a second at a time. */
async function pass(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n += 1) {
    mock.timers.tick(1000);
    await settle();
  }
}

/** A scheduler whose runs last until a test ends them. */
function aScheduler({ onlyShop }: { onlyShop?: string } = {}) {
  const fake = createFakeJobs();
  const runs: {
    readonly shop: string;
    readonly name: string;
    readonly end: (next?: Date) => void;
    readonly fail: (error: unknown) => void;
  }[] = [];
  const toFlow = (queue: JobQueue): Flow => ({
    queue,
    run(shop, _claim, stop, name) {
      const { promise, resolve, reject } = Promise.withResolvers<Date | undefined>();
      runs.push({ shop, name, end: resolve, fail: reject });
      stop.addEventListener('abort', () => reject(stop.reason));
      return promise;
    },
  });
  const flows = new Map([
    ['plans', toFlow('short')],
    ['fan_out', toFlow('short')],
    ['full', toFlow('full')],
  ]);
  const context = { ledger: fake, log: createLog('silent'), now: () => new Date() };
  return { ...fake, runs, scheduler: createScheduler(context, flows, { onlyShop }) };
}

const names = (runs: readonly { shop: string; name: string }[]) =>
  runs.map(({ shop, name }) => `${shop} ${name}`);

describe('the scheduler', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-11-01T12:00:00Z') });
  });
  afterEach(() => mock.timers.reset());

  test('asks at most six times a minute where nothing is due', async () => {
    const { scheduler, counts } = aScheduler();
    scheduler.start();
    await pass(600);
    assert.ok(counts.looks <= 60 && counts.looks > 50, `${counts.looks} looks`);
    await scheduler.stop();
  });

  test('starts a job within 15 s of its time', async () => {
    const { scheduler, request, runs } = aScheduler();
    scheduler.start();
    for (let round = 1; round <= 10; round += 1) {
      await pass(20 + round);
      request(SHOP, 'plans');
      await pass(13);
      assert.equal(runs.length, round);
      runs.at(-1)?.end();
    }
    await scheduler.stop();
  });

  test('has at most three full syncs at once, and begins the next one when one ends', async () => {
    const { scheduler, request, runs } = aScheduler();
    for (const shop of ['a', 'b', 'c', 'd', 'e']) request(shop, 'full', 'full');
    scheduler.start();
    await pass(120);
    assert.deepEqual(names(runs), ['a full', 'b full', 'c full']);
    await scheduler.wake('e', 'full');
    assert.equal(runs.length, 3);
    runs[1]?.end();
    await settle();
    await pass(1);
    assert.deepEqual(names(runs.slice(3)), ['d full']);
    await scheduler.stop();
  });

  test('runs the short jobs of all while full syncs go on, and those of others beside a long one', async () => {
    const { scheduler, request, runs } = aScheduler();
    for (const shop of ['a', 'b', 'c']) request(shop, 'full', 'full');
    request('a', 'plans');
    scheduler.start();
    await pass(60);
    request('b', 'plans');
    await pass(13);
    assert.deepEqual(
      names(runs).filter((run) => run.endsWith('plans')),
      ['a plans', 'b plans'],
    );
    await scheduler.stop();
  });

  test('leaves room for the others where one shop has many jobs', async () => {
    const { scheduler, request, runs } = aScheduler();
    for (let plan = 0; plan < 40; plan += 1) request(SHOP, `fan_out#${plan}`);
    scheduler.start();
    await pass(30);
    assert.equal(runs.length, 4);
    request('b', 'plans');
    await pass(13);
    assert.deepEqual(names(runs.slice(4)), ['b plans']);
    runs[0]?.end();
    await pass(13);
    assert.equal(runs.length, 6);
    await scheduler.stop();
  });

  test('walks a long row of due jobs to its end, 32 at once', async () => {
    const { scheduler, request, runs } = aScheduler();
    for (let n = 0; n < 100; n += 1) request(`shop-${n}`, 'plans');
    scheduler.start();
    await pass(1);
    assert.equal(runs.length, 32);
    for (let n = 0; n < 100; n += 1) {
      runs[n]?.end();
      await settle();
    }
    assert.equal(runs.length, 100);
    await scheduler.stop();
  });

  test('runs a woken job at once, and again at once if it was requested meanwhile', async () => {
    const { scheduler, request, runs } = aScheduler();
    request(SHOP, 'plans');
    const ended = scheduler.wake(SHOP, 'plans');
    await settle();
    request(SHOP, 'plans');
    runs[0]?.end();
    await settle();
    assert.equal(runs.length, 2);
    runs[1]?.end();
    await ended;
    assert.equal(runs.length, 2);
  });

  test('runs a job that is requested and woken just as its run has ended', async () => {
    const { scheduler, request, runs, get } = aScheduler();
    request(SHOP, 'plans');
    const ended = scheduler.wake(SHOP, 'plans');
    await settle();
    runs[0]?.end();
    // The run is over in the ledger, and not yet here.
    while (get(SHOP, 'plans')?.held === true) await Promise.resolve();
    request(SHOP, 'plans');
    void scheduler.wake(SHOP, 'plans');
    await settle();
    assert.equal(runs.length, 2);
    runs[1]?.end();
    await ended;
  });

  test('tries a job that fails later, and goes on with the others', async () => {
    const { scheduler, request, runs, get } = aScheduler();
    request(SHOP, 'plans');
    request('b', 'plans');
    scheduler.start();
    await pass(1);
    runs[0]?.fail(new AppError('admin_api_refused', 'no'));
    await settle();
    assert.equal(get(SHOP, 'plans')?.due, Date.now() + 5 * 60_000);
    await pass(299);
    assert.equal(runs.length, 2);
    await pass(15);
    assert.deepEqual(names(runs.slice(2)), [`${SHOP} plans`]);
    await scheduler.stop();
  });

  test('does not ask on and on for a full sync that the index shows and nobody may take', async () => {
    const { scheduler, stale, counts } = aScheduler();
    stale.push({ queue: 'full', shop: SHOP, name: 'full' }, { queue: 'short', shop: SHOP, name: 'plans' });
    scheduler.start();
    await pass(600);
    assert.ok(counts.looks <= 60, `${counts.looks} looks`);
    assert.ok(counts.claims <= 60, `${counts.claims} claims`);
    await scheduler.stop();
  });

  test('leaves the jobs of other shops alone where the deployment is for one, and jobs that it does not know', async () => {
    const { scheduler, request, runs } = aScheduler({ onlyShop: SHOP });
    request('b', 'plans');
    request(SHOP, 'of_a_later_release');
    request(SHOP, 'plans');
    await scheduler.wake('b', 'plans');
    scheduler.start();
    await pass(30);
    assert.deepEqual(names(runs), [`${SHOP} plans`]);
    await scheduler.stop();
  });

  test('stopping lets go of every job, due at once for another process, and begins none', async () => {
    const { scheduler, request, runs, get } = aScheduler();
    request(SHOP, 'full', 'full');
    request(SHOP, 'plans');
    scheduler.start();
    await pass(1);
    await scheduler.stop();
    for (const name of ['full', 'plans'])
      assert.deepEqual(
        { ...get(SHOP, name), queue: '' },
        { queue: '', due: Date.now(), held: false, again: false, paused: 1 },
      );
    await scheduler.wake(SHOP, 'plans');
    await pass(120);
    assert.equal(runs.length, 2);
  });
});
