import type { Jobs, JobQueue } from '../ledger/jobs.ts';
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
  /** Milliseconds between two looks at the index of due jobs. */
  readonly every: number;
  /** Jobs at once in this process. */
  readonly concurrency: number;
}

// Together at most six requests a minute where nothing is due, whatever the number of shops.
const QUEUES: Readonly<Record<JobQueue, QueueSettings>> = {
  short: { every: 13_000, concurrency: 32 },
  full: { every: 60_000, concurrency: 3 },
};

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
  const running = new Map<string, Promise<void>>();
  const counts: Record<JobQueue, number> = { short: 0, full: 0 };
  const timers: Partial<Record<JobQueue, NodeJS.Timeout>> = {};
  let started = false;

  const flowOf = (name: string) => flows.get(name.replace(/#.*/s, ''));

  /** @returns whether there was something to do */
  async function claimAndRun(shop: string, name: string, flow: Flow): Promise<boolean> {
    const claim = await jobs.claim(shop, name, flow.queue);
    if (claim === undefined) return false;
    try {
      const next = await flow.run(shop, claim, signal, name);
      if (next !== undefined && 'pauseUntil' in next) await claim.pause(next.pauseUntil);
      else await claim.finish(next);
    } catch (error) {
      if (signal.aborted) {
        await claim.pause(now());
        return true;
      }
      const { until, stalled } = backOff(error, claim.stalled, now());
      log.warn({ err: error, shop, job: name, again_at: until.toISOString() }, 'job failed');
      await claim.pause(until, stalled);
    }
    return true;
  }

  /** Undefined: there is no room, or nothing to do here. */
  function begin(shop: string, name: string): Promise<void> | undefined {
    const flow = flowOf(name);
    if (flow === undefined || signal.aborted || (onlyShop !== undefined && shop !== onlyShop))
      return undefined;
    const key = `${shop} ${name}`;
    if (running.has(key) || counts[flow.queue] >= QUEUES[flow.queue].concurrency) return undefined;
    counts[flow.queue] += 1;
    const promise = claimAndRun(shop, name, flow)
      .catch((error: unknown) => {
        log.warn({ err: error, shop, job: name }, 'job could not be claimed or ended');
      })
      .then(() => {
        running.delete(key);
        counts[flow.queue] -= 1;
        // The next ones wait in the ledger; nobody else tells that there is room.
        if (flow.queue === 'full' && started) look('full', 0);
      });
    running.set(key, promise);
    return promise;
  }

  const isFull = (queue: JobQueue) => counts[queue] >= QUEUES[queue].concurrency;

  /** Starts what is due, no more at once than there is room for; long queues are walked to their end. */
  async function startDue(queue: JobQueue): Promise<Promise<void>[]> {
    const begun: Promise<void>[] = [];
    // A full sync takes hours: those for which there is no room wait in the ledger.
    if (queue === 'full' && isFull(queue)) return begun;
    for await (const { shop, name } of jobs.listDue(queue)) {
      while (isFull(queue) && !signal.aborted) {
        if (queue === 'full') return begun;
        await Promise.race(running.values());
      }
      if (signal.aborted) return begun;
      const promise = begin(shop, name);
      if (promise !== undefined) begun.push(promise);
    }
    return begun;
  }

  function look(queue: JobQueue, delay: number): void {
    clearTimeout(timers[queue]);
    if (signal.aborted) return;
    timers[queue] = setTimeout(() => void tick(queue), delay);
  }

  async function tick(queue: JobQueue): Promise<void> {
    try {
      await startDue(queue);
    } catch (error) {
      log.warn({ err: error, queue }, 'due jobs could not be listed');
    }
    look(queue, QUEUES[queue].every);
  }

  return {
    start() {
      started = true;
      look('short', 0);
      look('full', 0);
    },
    async wake(shop, name) {
      await begin(shop, name);
    },
    async runDue() {
      for (const queue of ['short', 'full'] as const) await Promise.all(await startDue(queue));
    },
    async stop() {
      stopped.abort();
      for (const timer of Object.values(timers)) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
