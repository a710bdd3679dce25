import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { SyncContext } from '../sync-context.ts';
import { createRecordLastChange } from './record-last-change.ts';
import { createRecordPending } from './record-pending.ts';
import { isSettled } from './refresh-until-settled.ts';
import { refresh, type RefreshContext } from './refresh.ts';
import { emptyQueue, isBlocked, isKnown, takeVersions, type ShopQueue } from './shop-queue.ts';

/** Collects the customers whose snapshot has to be fetched. */
export interface RefreshQueue {
  /**
   * Asks for a customer's snapshot; several asks before it is fetched are one.
   * @param knownSince when what made us ask happened, by Shopify's clock: a snapshot asked for later says it already.
   * Undefined: ask in any case.
   */
  ask(shop: string, shopifyId: string, knownSince: string | undefined): void;
  /**
   * The same, and resolves when the ask is safe from a crash: one write, and another one after the snapshot; none if the
   * customer waits safely already.
   * @throws AppError `store_failed`
   */
  askDurably(shop: string, shopifyId: string, knownSince: string | undefined): Promise<void>;
  /**
   * Resolves when nothing waits any more, or within about the limit in milliseconds: its end is kept for noting in the
   * ledger whose snapshots are missing then.
   */
  drain(limit: number): Promise<void>;
}

const BATCH = 50;
const FILL_MS = 250;
/** Customers that may wait, of all shops. */
const CAPACITY = 10_000;
const TRIES = 5;
const REMEMBERED_MS = 60_000;
const BLOCKED_MS = 10_000;
/** Of the time to drain, so much is kept for noting what is left. */
const NOTE_MS = 1000;

/** Snapshots by shop: up to 50 at once, one batch of a shop in flight, waiting at most 250 ms to fill. */
export function createRefreshQueue(context: RefreshContext & Pick<SyncContext, 'log'>): RefreshQueue {
  const { log, now } = context;
  const { pendingRefreshes } = context.ledger;
  const recordPending = createRecordPending(context);
  const recordLastChange = createRecordLastChange(context);
  const queues = new Map<string, ShopQueue>();
  const stop = new AbortController();
  let waiting = 0;
  let draining = false;

  function queueOf(shop: string): ShopQueue {
    const queue = queues.get(shop) ?? emptyQueue();
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

  async function clearPending(shop: string, versions: ReadonlyMap<string, string>): Promise<void> {
    try {
      await Promise.all([...versions].map(([id, version]) => pendingRefreshes.clear(shop, id, version)));
    } catch (error) {
      // What stays noted is fetched once more by reconciling.
      log.warn({ err: error, shop }, 'pending refreshes not cleared');
    }
  }

  /** Puts those back whose snapshot was void; resolves to those who are given up. */
  function putBack(queue: ShopQueue, batch: ReadonlyMap<string, number>, ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const tries = (batch.get(id) ?? 0) + 1;
      return tries >= TRIES || stop.signal.aborted || !add(queue, id, tries);
    });
  }

  async function workBatch(shop: string, queue: ShopQueue): Promise<void> {
    const batch = take(queue);
    const ids = [...batch.keys()];
    const versions = takeVersions(queue, ids);
    const time = now().getTime();
    for (const id of ids) queue.asked.set(id, time);
    queue.underWay = new Set(ids);
    try {
      const results = await refresh(context, shop, ids, { priority: 'background', signal: stop.signal });
      await recordLastChange(shop);
      const again = ids.filter((id) => !isSettled(results.get(id)));
      const given = putBack(queue, batch, again);
      // A newer version is the one that stands in the ledger.
      for (const id of again) {
        const version = versions.get(id);
        if (version !== undefined && !given.includes(id) && !queue.versions.has(id))
          queue.versions.set(id, version);
        versions.delete(id);
      }
      if (given.length > 0) await recordPending(shop, given, 'given_up');
      await clearPending(shop, versions);
    } catch (error) {
      log.warn({ err: error, shop, customers: ids.length }, 'snapshots not fetched');
      if (error instanceof AppError && error.code === 'reauthorization_needed')
        queue.blockedUntil = now().getTime() + BLOCKED_MS;
      for (const id of ids) queue.asked.delete(id);
      await recordPending(shop, ids, 'failed');
    } finally {
      queue.underWay = new Set();
    }
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

  function enqueue(shop: string, queue: ShopQueue, shopifyId: string): void {
    if (!stop.signal.aborted && add(queue, shopifyId, 0)) return schedule(shop, queue);
    queue.versions.delete(shopifyId);
    void recordPending(shop, [shopifyId], 'dropped');
  }

  return {
    ask(shop, shopifyId, knownSince) {
      const queue = queueOf(shop);
      if (isBlocked(queue, now())) void recordPending(shop, [shopifyId], 'failed');
      else if (!isKnown(queue, shopifyId, knownSince)) enqueue(shop, queue, shopifyId);
    },

    async askDurably(shop, shopifyId, knownSince) {
      const before = queueOf(shop);
      if (before.waiting.has(shopifyId) && before.versions.has(shopifyId)) return;
      // A snapshot that is under way may yet fail.
      if (isKnown(before, shopifyId, knownSince) && !before.underWay.has(shopifyId)) return;
      const version = await pendingRefreshes.record(shop, shopifyId, isBlocked(before, now()));
      const queue = queueOf(shop);
      // Without a token it is left to reconciling.
      if (isBlocked(queue, now())) return;
      queue.versions.set(shopifyId, version);
      enqueue(shop, queue, shopifyId);
    },

    async drain(limit) {
      draining = true;
      for (const [shop, queue] of queues) if (queue.waiting.size > 0) start(shop, queue);
      const worked = () => Promise.all([...queues.values()].map(({ work }) => Promise.resolve(work)));
      const working = sleep(limit - Math.min(NOTE_MS, limit / 2), undefined, { ref: false });
      await Promise.race([worked(), working]);
      stop.abort();
      const noting = [...queues].map(async ([shop, queue]) => {
        clearTimeout(queue.timer);
        // A request that is under way is not broken off, and may be answered too late for its customers.
        const left = [...queue.underWay, ...queue.waiting.keys()];
        queue.waiting.clear();
        if (left.length > 0) await recordPending(shop, left, 'dropped');
      });
      await Promise.all([worked(), ...noting]);
    },
  };
}
