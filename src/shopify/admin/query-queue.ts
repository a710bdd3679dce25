import { createBudget, type QueryRequest, type Priority, type Release } from './budget.ts';

/** Rejects when the signal is aborted. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;

interface AcquireOptions {
  readonly signal?: AbortSignal | undefined;
  /** A retry goes to the front: it has waited already. */
  readonly isAgain: boolean;
}

export interface QueryQueue {
  /**
   * Resolves when a query may be sent; call the release with the cost of its answer.
   * @throws the signal's reason, if it is aborted before
   */
  acquire(request: QueryRequest, options: AcquireOptions): Promise<Release>;
  /** Sends nothing for that time. */
  pause(milliseconds: number): void;
}

interface Waiting extends QueryRequest {
  readonly start: () => void;
}

/** Queries in flight at once for one shop. */
const CONCURRENCY = 10;
/** How many of these background queries leave free. */
const FREE_FOR_INTERACTIVE = 2;

/**
 * The queue of one shop's queries: interactive ones first, first in first out within a priority, each as soon as the budget
 * allows. Cheap queries never overtake an expensive one, so none starves.
 */
export function createQueryQueue({ now, sleep }: { now: () => number; sleep: Sleep }): QueryQueue {
  const budget = createBudget(now);
  const waiting: Record<Priority, Waiting[]> = { interactive: [], background: [] };
  let inFlight = 0;
  let pausedUntil = 0;
  let alarm = new AbortController();

  function startReady(): void {
    alarm.abort();
    for (;;) {
      const next = waiting.interactive[0] ?? waiting.background[0];
      if (next === undefined) return;
      // The next release calls this again.
      if (inFlight >= CONCURRENCY - (next.priority === 'background' ? FREE_FOR_INTERACTIVE : 0)) return;
      const wait = Math.max(pausedUntil - now(), budget.wait(next));
      if (wait === Number.POSITIVE_INFINITY) return;
      if (wait > 0) return void startAfter(Math.ceil(wait));
      waiting[next.priority].shift();
      next.start();
    }
  }

  async function startAfter(milliseconds: number): Promise<void> {
    const { signal } = (alarm = new AbortController());
    // An aborted sleep rejects; the next line checks the signal.
    await sleep(milliseconds, signal).catch(() => undefined);
    if (!signal.aborted) startReady();
  }

  function begin(request: QueryRequest): Release {
    const release = budget.reserve(request);
    inFlight += 1;
    return (cost) => {
      inFlight -= 1;
      release(cost);
      startReady();
    };
  }

  return {
    async acquire(request, { signal, isAgain }) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Release>();
      const queue = waiting[request.priority];

      function leave(): void {
        queue.splice(queue.indexOf(entry), 1);
        reject(signal?.reason);
        startReady();
      }
      const entry: Waiting = {
        ...request,
        start() {
          signal?.removeEventListener('abort', leave);
          resolve(begin(request));
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      if (isAgain) queue.unshift(entry);
      else queue.push(entry);
      startReady();
      return promise;
    },
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, now() + milliseconds);
    },
  };
}
