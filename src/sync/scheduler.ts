import type { JobClaim, Jobs, JobQueue } from '../ledger/jobs.ts';
import type { Logger } from '../log.ts';
import { backOff } from './jobs/back-off.ts';
import type { Flow } from './jobs/flow.ts';

/** Starts the jobs of all shops when they are due. Any number of processes may do it: each job is one process' at a time. */
export interface Scheduler {
  /** Looks for due jobs from now on. */
  start(): void;
  /** Runs a job now if it is due and there is room; else it is found when its time comes. Resolves when it has ended. */
  wake(shop: string, name: string): Promise<void>;
  /** Runs every job that is due now. Resolves when they have ended. */
  runDue(): Promise<void>;
  /** Stops at the next page of every job; another process goes on from there. */
  stop(): Promise<void>;
}

interface SchedulerContext {
  readonly ledger: { readonly jobs: Pick<Jobs, 'listDue' | 'claim'> };
  readonly log: Logger;
  readonly now: () => Date;
}

interface SchedulerOptions {
  /** The one shop of the deployment; undefined: every one. Another's users would go under this one's keys. */
  readonly onlyShop: string | undefined;
}

interface QueueSettings {
  /** Milliseconds from one look at the index of due jobs to the next, where nothing was due. */
  readonly idleWait: number;
  /** The same, where something was. */
  readonly busyWait: number;
  /** Jobs at once in this process. */
  readonly concurrency: number;
  /** Of those, for one shop: many changed plans of one leave room for the others. */
  readonly perShop: number;
}

// Together at most six requests a minute where nothing is due, whatever the number of shops.
const QUEUES: Readonly<Record<JobQueue, QueueSettings>> = {
  short: { idleWait: 13_000, busyWait: 5000, concurrency: 32, perShop: 4 },
  full: { idleWait: 60_000, busyWait: 60_000, concurrency: 3, perShop: 1 },
};

interface Running {
  readonly shop: string;
  readonly queue: JobQueue;
  readonly ended: Promise<void>;
}

/**
 * @param flows by the name of the job, or by what stands before its `#`; jobs without a flow are left alone: a later
 * release may have them
 */
export function createScheduler(
  { ledger: { jobs }, log, now }: SchedulerContext,
  flows: ReadonlyMap<string, Flow>,
  { onlyShop }: SchedulerOptions,
): Scheduler {
  const stopped = new AbortController();
  const { signal } = stopped;
  const running = new Map<string, Running>();
  /** Jobs under way that were woken: what they were requested for may have come after their run. */
  const woken = new Set<string>();
  const timers: Partial<Record<JobQueue, NodeJS.Timeout>> = {};
  /** Jobs taken since the last look. */
  const taken: Record<JobQueue, number> = { short: 0, full: 0 };
  let started = false;

  const toKey = (shop: string, name: string) => `${shop} ${name}`;
  const flowOf = (name: string) => flows.get(name.replace(/#.*/s, ''));
  const runningIn = (queue: JobQueue) => [...running.values()].filter((job) => job.queue === queue);
  const isFull = (queue: JobQueue) => runningIn(queue).length >= QUEUES[queue].concurrency;

  /** @returns whether it was requested meanwhile, and is due again */
  async function run(shop: string, name: string, flow: Flow, claim: JobClaim): Promise<boolean> {
    try {
      const next = await flow.run(shop, claim, signal, name);
      if (next !== undefined && 'pauseUntil' in next) {
        await claim.pause(next.pauseUntil);
        return false;
      }
      return (await claim.finish(next)) === 'again';
    } catch (error) {
      if (signal.aborted) {
        await claim.pause(now(), claim.stalled);
        return false;
      }
      const { until, stalled } = backOff(error, claim.stalled, now());
      if (await claim.pause(until, stalled))
        log.warn({ err: error, shop, job: name, again_at: until.toISOString() }, 'job failed');
      else log.info({ shop, job: name }, 'job cancelled, or taken over by another process');
      return false;
    }
  }

  /** @returns whether there was something to do */
  async function claimAndRun(key: string, shop: string, name: string, flow: Flow): Promise<boolean> {
    const { queue } = flow;
    let claim = await jobs.claim(shop, name, queue);
    const isDue = claim !== undefined;
    while (claim !== undefined) {
      taken[queue] += 1;
      const isDueAgain: boolean = await run(shop, name, flow, claim);
      const isNext = woken.delete(key) || isDueAgain;
      // In the queue of full syncs other shops have waited for longer.
      claim =
        isNext && queue === 'short' && !signal.aborted ? await jobs.claim(shop, name, queue) : undefined;
    }
    return isDue;
  }

  async function runToEnd(key: string, shop: string, name: string, flow: Flow): Promise<void> {
    let hasRun = false;
    try {
      hasRun = await claimAndRun(key, shop, name, flow);
    } catch (error) {
      log.warn({ err: error, shop, job: name }, 'job could not be claimed or ended');
    }
    running.delete(key);
    // The next ones wait in the ledger; nobody else tells that there is room. One that could not be taken, because the
    // index lags or a later version wrote it, would be found again at once.
    if (hasRun && flow.queue === 'full' && started) look('full', 0);
  }

  /** Undefined: there is no room, or nothing to do here. */
  function begin(shop: string, name: string): Promise<void> | undefined {
    const flow = flowOf(name);
    if (flow === undefined || signal.aborted || (onlyShop !== undefined && shop !== onlyShop))
      return undefined;
    const { queue } = flow;
    const key = toKey(shop, name);
    const ofShop = runningIn(queue).filter((job) => job.shop === shop);
    if (running.has(key) || isFull(queue) || ofShop.length >= QUEUES[queue].perShop) return undefined;
    const ended = runToEnd(key, shop, name, flow);
    running.set(key, { shop, queue, ended });
    return ended;
  }

  const ends = (queue: JobQueue) => runningIn(queue).map(({ ended }) => ended);

  /** Starts what is due, no more at once than there is room for. */
  async function startDue(queue: JobQueue): Promise<void> {
    // A full sync takes hours: those for which there is no room wait in the ledger.
    if (queue === 'full' && isFull(queue)) return;
    for await (const { shop, name } of jobs.listDue(queue)) {
      while (isFull(queue) && !signal.aborted) {
        if (queue === 'full') return;
        await Promise.race(ends(queue));
      }
      if (signal.aborted) return;
      void begin(shop, name);
    }
  }

  function look(queue: JobQueue, wait: number): void {
    clearTimeout(timers[queue]);
    if (signal.aborted) return;
    timers[queue] = setTimeout(() => void tick(queue), wait);
  }

  async function tick(queue: JobQueue): Promise<void> {
    const { busyWait, idleWait } = QUEUES[queue];
    const wait = taken[queue] > 0 ? busyWait : idleWait;
    taken[queue] = 0;
    try {
      await startDue(queue);
    } catch (error) {
      log.warn({ err: error, queue }, 'due jobs could not be listed');
    }
    look(queue, taken[queue] > 0 ? busyWait : wait);
  }

  return {
    start() {
      started = true;
      look('short', 0);
      look('full', 0);
    },
    async wake(shop, name) {
      const key = toKey(shop, name);
      if (running.has(key)) woken.add(key);
      await (running.get(key)?.ended ?? begin(shop, name));
    },
    async runDue() {
      for (const queue of ['short', 'full'] as const) {
        await startDue(queue);
        await Promise.all(ends(queue));
      }
    },
    async stop() {
      stopped.abort();
      for (const timer of Object.values(timers)) clearTimeout(timer);
      await Promise.all([...ends('short'), ...ends('full')]);
    },
  };
}
