import { createBudget, type QueryRequest, type Priority, type Release } from './budget.ts';

/** Waits so many milliseconds; rejects when the signal is aborted. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;

interface AcquireOptions {
  readonly signal?: AbortSignal | undefined;
  /** Before all that wait: it has waited already. */
  readonly isAgain: boolean;
}

export interface QueryQueue {
  /**
   * Resolves when a query may be sent; its answer's cost ends the turn.
   * @throws the signal's reason, if it is aborted before
   */
  acquire(ask: QueryRequest, options: AcquireOptions): Promise<Release>;
  /** Nothing is sent for so many milliseconds. */
  pause(milliseconds: number): void;
}

interface Waiting extends QueryRequest {
  readonly start: () => void;
}

/** Queries under way at once for one shop. */
const CONCURRENCY = 10;
/** Of which background queries leave some free. */
const FREE_FOR_INTERACTIVE = 2;

/**
 * The order in which one shop's queries are sent: interactive ones first, each kind in the order of asking, and none
 * before the budget has enough for it. A dear query at the head is not passed by cheap ones, which would starve it.
 */
export function createQueryQueue({ now, sleep }: { now: () => number; sleep: Sleep }): QueryQueue {
  const budget = createBudget(now);
  const waiting: Record<Priority, Waiting[]> = { interactive: [], background: [] };
  let underWay = 0;
  let pausedUntil = 0;
  let alarm = new AbortController();

  function startThoseWhoMay(): void {
    alarm.abort();
    for (;;) {
      const next = waiting.interactive[0] ?? waiting.background[0];
      if (next === undefined) return;
      // The end of one that is under way comes here again.
      if (underWay >= CONCURRENCY - (next.priority === 'background' ? FREE_FOR_INTERACTIVE : 0)) return;
      const wait = Math.max(pausedUntil - now(), budget.wait(next));
      if (wait === Number.POSITIVE_INFINITY) return;
      if (wait > 0) return void startAfter(Math.ceil(wait));
      waiting[next.priority].shift();
      next.start();
    }
  }

  async function startAfter(milliseconds: number): Promise<void> {
    const { signal } = (alarm = new AbortController());
    // It rejects if it is aborted, which the next line asks for.
    await sleep(milliseconds, signal).catch(() => undefined);
    if (!signal.aborted) startThoseWhoMay();
  }

  function begin(ask: QueryRequest): Release {
    const settle = budget.reserve(ask);
    underWay += 1;
    return (cost) => {
      underWay -= 1;
      settle(cost);
      startThoseWhoMay();
    };
  }

  return {
    async acquire(ask, { signal, isAgain }) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Release>();
      const queue = waiting[ask.priority];

      function leave(): void {
        queue.splice(queue.indexOf(entry), 1);
        reject(signal?.reason);
        startThoseWhoMay();
      }
      const entry: Waiting = {
        ...ask,
        start() {
          signal?.removeEventListener('abort', leave);
          resolve(begin(ask));
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      if (isAgain) queue.unshift(entry);
      else queue.push(entry);
      startThoseWhoMay();
      return promise;
    },
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, now() + milliseconds);
    },
  };
}
