import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { SyncStates } from '../ledger/sync-state.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Refresh, Refreshed } from './refresh.ts';

/** Collects the customers whose snapshot has to be fetched. */
export interface RefreshQueue {
  /**
   * Asks for a customer's snapshot; several asks before it is fetched are one.
   * @param knownSince when what made us ask happened, by Shopify's clock: a snapshot asked for later says it already.
   * Undefined: ask in any case.
   */
  ask(shop: string, shopifyId: string, knownSince: string | undefined): void;
  /** Resolves when nothing waits any more; at the latest after the limit in milliseconds, and what is left is noted. */
  drain(limit: number): Promise<void>;
}

export interface RefreshQueueDeps {
  readonly refresh: Refresh;
  readonly states: SyncStates;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

const BATCH = 50;
const FILL_MS = 250;
/** Customers that may wait, of all shops. */
const CAPACITY = 10_000;
const TRIES = 5;
/** How far Shopify's clock and ours may be apart. */
const SKEW_MS = 2000;
const REMEMBERED_MS = 60_000;
const BLOCKED_MS = 10_000;

interface ShopQueue {
  /** The customers that wait, and how often their snapshot was void. */
  readonly waiting: Map<string, number>;
  /** When their snapshot was asked for last, in milliseconds. */
  readonly asked: Map<string, number>;
  /** The work under way. */
  work: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Until when there is no use in asking Shopify, in milliseconds: the shop has no token. */
  blockedUntil: number;
}

/** Snapshots by shop: up to 50 at once, one batch of a shop in flight, waiting at most 250 ms to fill. */
export function createRefreshQueue({ refresh, states, metrics, log, now }: RefreshQueueDeps): RefreshQueue {
  const queues = new Map<string, ShopQueue>();
  const stop = new AbortController();
  let waiting = 0;
  let draining = false;

  function queueOf(shop: string): ShopQueue {
    const queue = queues.get(shop) ?? {
      waiting: new Map(),
      asked: new Map(),
      work: undefined,
      timer: undefined,
      blockedUntil: 0,
    };
    queues.set(shop, queue);
    return queue;
  }

  function add(queue: ShopQueue, id: string, tries: number): boolean {
    if (queue.waiting.has(id)) return true;
    if (waiting >= CAPACITY) return false;
    queue.waiting.set(id, tries);
    waiting += 1;
    return true;
  }

  function take(queue: ShopQueue): Map<string, number> {
    const batch = new Map([...queue.waiting].slice(0, BATCH));
    for (const id of batch.keys()) queue.waiting.delete(id);
    waiting -= batch.size;
    return batch;
  }

  async function note(shop: string, count: number, reason: string): Promise<void> {
    metrics.snapshots.inc({ outcome: reason }, count);
    try {
      await states.noteUnrefreshed(shop);
    } catch (error) {
      log.error({ err: error, shop }, 'missing snapshots could not be noted');
    }
  }

  async function workBatch(shop: string, queue: ShopQueue): Promise<void> {
    const batch = take(queue);
    const time = now().getTime();
    for (const id of batch.keys()) queue.asked.set(id, time);
    let results: ReadonlyMap<string, Refreshed>;
    try {
      results = await refresh(shop, [...batch.keys()], { priority: 'background', signal: stop.signal });
    } catch (error) {
      log.warn({ err: error, shop, customers: batch.size }, 'snapshots not fetched');
      if (error instanceof AppError && error.code === 'reauthorization_needed')
        queue.blockedUntil = now().getTime() + BLOCKED_MS;
      for (const id of batch.keys()) queue.asked.delete(id);
      return note(shop, batch.size, 'failed');
    }
    const again = [...results].filter(([, result]) => result === 'moved' || result === 'behind');
    const given = again.filter(([id]) => {
      const tries = (batch.get(id) ?? 0) + 1;
      return tries >= TRIES || !add(queue, id, tries);
    });
    if (given.length > 0) await note(shop, given.length, 'given_up');
  }

  async function workOff(shop: string, queue: ShopQueue): Promise<void> {
    // Short of a full batch it waits to fill again, unless there is no time left for that.
    do await workBatch(shop, queue);
    while (queue.waiting.size >= (draining ? 1 : BATCH) && !stop.signal.aborted);
    const before = now().getTime() - REMEMBERED_MS;
    for (const [id, time] of queue.asked) if (time < before) queue.asked.delete(id);
    queue.work = undefined;
    if (queue.waiting.size > 0) schedule(shop, queue);
    else if (queue.asked.size === 0 && queue.blockedUntil < now().getTime()) queues.delete(shop);
  }

  function start(shop: string, queue: ShopQueue): void {
    clearTimeout(queue.timer);
    queue.timer = undefined;
    queue.work ??= workOff(shop, queue);
  }

  function schedule(shop: string, queue: ShopQueue): void {
    if (queue.work !== undefined || stop.signal.aborted) return;
    if (draining || queue.waiting.size >= BATCH) start(shop, queue);
    else queue.timer ??= setTimeout(() => start(shop, queue), FILL_MS);
  }

  return {
    ask(shop, shopifyId, knownSince) {
      const queue = queueOf(shop);
      // That snapshots are missing was noted when the shop was blocked.
      if (queue.blockedUntil > now().getTime()) return;
      const asked = queue.asked.get(shopifyId);
      const triggered = Date.parse(knownSince ?? '');
      if (asked !== undefined && triggered + SKEW_MS < asked) return;
      if (add(queue, shopifyId, 0)) schedule(shop, queue);
      else void note(shop, 1, 'dropped');
    },

    async drain(limit) {
      draining = true;
      for (const [shop, queue] of queues) if (queue.waiting.size > 0) start(shop, queue);
      const works = [...queues.values()].map(({ work }) => Promise.resolve(work));
      await Promise.race([Promise.all(works), sleep(limit, undefined, { ref: false })]);
      stop.abort();
      for (const [shop, queue] of queues) {
        clearTimeout(queue.timer);
        const left = queue.waiting.size;
        queue.waiting.clear();
        if (left > 0) await note(shop, left, 'dropped');
      }
    },
  };
}
