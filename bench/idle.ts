import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { JobClaim, Jobs } from '../src/ledger/jobs.ts';
import { createLog } from '../src/log.ts';
import { createScheduler } from '../src/sync/scheduler.ts';
import type { Flow } from '../src/sync/jobs/flow.ts';
import { measureIdleShop, type Used } from './idle-shop.ts';

// What shops cost in which nothing happens, and how late their work begins. One idle shop is measured on a real engine with
// the whole program; how often the scheduler asks, and when it begins what is due, on a simulated ledger and clock.
//   npm run bench:idle

const MINUTE_MS = 60_000;
const STEP_MS = 100;
/** What one run takes, Shopify's answers included. */
const RUN_MS = 400;
const INTERVALS = { plans: 5 * MINUTE_MS, reconcile: 15 * MINUTE_MS } as const;
/** A query of the index that finds little: eventually consistent, at most 4 KB. */
const LOOK_UNITS = 0.5;

interface Due {
  readonly shop: string;
  readonly name: 'plans' | 'reconcile';
  at: number;
  held: boolean;
}

/** The jobs of many shops in memory, as any number of processes see them. */
function createSimulatedJobs(shops: number, hasDueJobs: boolean) {
  const jobs = new Map<string, Due>();
  /** By the second in which they are due. */
  const seconds = new Map<number, Set<Due>>();
  const counts = { looks: 0, claims: 0, runs: 0, late: 0, latest: 0 };
  const secondOf = (at: number) => Math.floor(at / 1000);
  let first = secondOf(Date.now());

  function put(job: Due): void {
    const second = secondOf(job.at);
    const set = seconds.get(second) ?? new Set();
    seconds.set(second, set.add(job));
  }

  for (let n = 0; n < (hasDueJobs ? shops : 0); n += 1)
    for (const name of ['plans', 'reconcile'] as const) {
      const at = Date.now() + Math.random() * INTERVALS[name];
      const job = { shop: `shop-${n}`, name, at, held: false };
      jobs.set(`${job.shop} ${name}`, job);
      put(job);
    }

  const store: Pick<Jobs, 'listDue' | 'claim'> = {
    async *listDue(queue) {
      counts.looks += 1;
      if (queue === 'full') return;
      const now = Date.now();
      while (first < secondOf(now) && (seconds.get(first)?.size ?? 0) === 0) seconds.delete(first++);
      const due: Due[] = [];
      for (let second = first; second <= secondOf(now); second += 1)
        for (const job of seconds.get(second) ?? []) if (job.at <= now && !job.held) due.push(job);
      yield* due;
    },
    async claim(shop, name) {
      counts.claims += 1;
      const job = jobs.get(`${shop} ${name}`);
      if (job === undefined || job.held || job.at > Date.now()) return undefined;
      const lateness = Date.now() - job.at;
      counts.runs += 1;
      if (lateness > 15_000) counts.late += 1;
      counts.latest = Math.max(counts.latest, lateness);
      seconds.get(secondOf(job.at))?.delete(job);
      job.held = true;
      const claim: JobClaim = {
        progress: undefined,
        requested: undefined,
        stalled: undefined,
        leaseMs: 30_000,
        save: async () => true,
        async finish(next) {
          job.held = false;
          job.at = next?.getTime() ?? 0;
          put(job);
          return 'ended';
        },
        pause: async () => true,
      };
      return claim;
    },
  };
  return { store, counts };
}

/** Lets some minutes pass in which so many processes look after so many shops. */
async function simulate(shops: number, processes: number, minutes: number, hasDueJobs: boolean) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-11-01T12:00:00Z') });
  const { store, counts } = createSimulatedJobs(shops, hasDueJobs);
  const toFlow = (interval: number): Flow => ({
    queue: 'short',
    async run() {
      await new Promise((resolve) => setTimeout(resolve, RUN_MS));
      return new Date(Date.now() + interval * (1 + Math.random() / 10));
    },
  });
  const flows = new Map(Object.entries(INTERVALS).map(([name, interval]) => [name, toFlow(interval)]));
  const context = { ledger: { jobs: store }, log: createLog('silent'), now: () => new Date() };
  const all = Array.from({ length: processes }, () =>
    createScheduler(context, flows, { onlyShop: undefined }),
  );
  for (const scheduler of all) {
    scheduler.start();
    // Processes do not begin at one instant.
    for (let passed = 0; passed < 4000; passed += STEP_MS) await step();
  }
  const before = { ...counts };
  for (let passed = 0; passed < minutes * MINUTE_MS; passed += STEP_MS) await step();
  const asked = counts.looks - before.looks;
  for (const scheduler of all) {
    const stopped = scheduler.stop();
    for (let n = 0; n < 10; n += 1) await step();
    await stopped;
  }
  mock.timers.reset();
  return { asked, claims: counts.claims, runs: counts.runs, late: counts.late, latest: counts.latest };
}

async function step(): Promise<void> {
  mock.timers.tick(STEP_MS);
  for (let n = 0; n < 3; n += 1) await setImmediate();
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const round = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });

print('An idle shop, an hour: reads and writes of its own jobs');
print('| job | runs | requests | read units | write requests | queries to Shopify |');
print('| --- | ---: | ---: | ---: | ---: | ---: |');
const hour = await measureIdleShop();
const total = { runs: 0, requests: 0, readUnits: 0, writes: 0, queries: 0 };
for (const [name, used] of Object.entries(hour)) {
  const { runs, requests, readUnits, writes, queries } = used;
  print(`| ${name} | ${runs} | ${requests} | ${round(readUnits)} | ${writes} | ${queries} |`);
  for (const key of ['runs', 'requests', 'readUnits', 'writes', 'queries'] as const) total[key] += used[key];
}
const sum: Used = total;
print(
  `| together | ${sum.runs} | ${sum.requests} | ${round(sum.readUnits)} | ${sum.writes} | ${sum.queries} |`,
);

print('\nNothing due: what the processes ask the ledger for');
print('| shops | processes | requests a minute and process | read units a minute, all |');
print('| ---: | ---: | ---: | ---: |');
for (const processes of [1, 3])
  for (const shops of [1, 100, 1000, 10_000]) {
    const { asked } = await simulate(shops, processes, 30, false);
    print(
      `| ${round(shops)} | ${processes} | ${round(asked / 30 / processes)} | ${round((asked / 30) * LOOK_UNITS)} |`,
    );
  }

print(`\nPlans every 5 and reconciles every 15 minutes, each taking ${RUN_MS} ms, for an hour`);
print(
  '| shops | processes | runs | latest, s | later than 15 s | looks a minute and process | claims a run | read units a minute, all |',
);
print('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const processes of [1, 3])
  for (const shops of [1, 100, 1000, 10_000]) {
    const { asked, claims, runs, late, latest } = await simulate(shops, processes, 60, true);
    const units = (asked / 60) * LOOK_UNITS + (shops * sum.readUnits) / 60;
    print(
      `| ${round(shops)} | ${processes} | ${round(runs)} | ${round(latest / 1000)} | ${late} | ${round(asked / 60 / processes)} | ${(claims / Math.max(1, runs)).toFixed(2)} | ${round(units)} |`,
    );
  }
