import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { SyncContext } from '../sync-context.ts';
import { createRecordPending } from './record-pending.ts';
import { refresh, type RefreshContext, type Refreshed } from './refresh.ts';
import { isSettled, isVoid } from './settled.ts';
import { emptyQueue, isBlocked, type Ask, type ShopQueue } from './shop-queue.ts';

/** Collects the customers whose snapshot has to be fetched. */
export interface RefreshQueue {
  /**
   * Asks for a customer's snapshot; several asks before it is asked for at Shopify are one. It is lost with a process that
   * is killed: only for what reconciling finds again.
   */
  ask(shop: string, shopifyId: string): void;
  /**
   * The same, and resolves when the ask is safe from a crash: one write, and another one after the snapshot; none if the
   * customer waits safely already.
   * @throws AppError `store_failed`
   */
  askDurably(shop: string, shopifyId: string): Promise<void>;
  /**
   * Makes safe who waits, and from then on whoever is asked for: the process is going to end. Resolves when those of now
   * are recorded. Never rejects.
   */
  secure(): Promise<void>;
  /** Secures who waits, then fetches as many as it can within a limit in milliseconds. */
  drain(limit: number): Promise<void>;
}

interface RefreshQueueOptions {
  /** For what a request waits for; the context's is for what nobody waits for. */
  readonly requests: Pick<SyncContext, 'ledger'>;
  /** Customers that may wait, of all shops. */
  readonly capacity?: number;
}

const BATCH = 50;
const FILL_MS = 250;
const CAPACITY = 10_000;
/** Of all who wait, no shop has more than this part. */
const SHARE = 1 / 4;
const TRIES = 5;
const BLOCKED_MS = 10_000;

/** Snapshots by shop: up to 50 at once, one batch of a shop in flight, waiting at most 250 ms to fill. */
export function createRefreshQueue(
  context: RefreshContext & Pick<SyncContext, 'log'>,
  { requests, capacity = CAPACITY }: RefreshQueueOptions,
): RefreshQueue {
  const { log, metrics, now } = context;
  const { pendingRefreshes } = context.ledger;
  const recordPending = createRecordPending(context);
  const queues = new Map<string, ShopQueue>();
  /** Asks that are being recorded: whoever is asked for meanwhile is recorded with them. */
  const recording = new Map<string, Promise<void>>();
  const stop = new AbortController();
  let waiting = 0;
  let securing = false;
  let draining = false;

  function queueOf(shop: string): ShopQueue {
    const queue = queues.get(shop) ?? emptyQueue();
    queues.set(shop, queue);
    return queue;
  }

  /** False: there is no room. */
  function add(queue: ShopQueue, id: string, ask: Ask): boolean {
    const before = queue.waiting.get(id);
    if (before !== undefined) {
      // The newer version is the one that stands in the ledger.
      before.version ??= ask.version;
      ask.isDone = true;
      return true;
    }
    if (waiting >= capacity || queue.waiting.size >= capacity * SHARE) return false;
    queue.waiting.set(id, ask);
    waiting += 1;
    return true;
  }

  function take(queue: ShopQueue): Map<string, Ask> {
    const batch = new Map([...queue.waiting].slice(0, BATCH));
    for (const id of batch.keys()) queue.waiting.delete(id);
    waiting -= batch.size;
    return batch;
  }

  async function clear(shop: string, id: string, version: string): Promise<void> {
    try {
      await pendingRefreshes.clear(shop, id, version);
    } catch (error) {
      // What stays noted is fetched once more by reconciling.
      log.warn({ err: error, shop }, 'pending refresh not cleared');
    }
  }

  /** Leaves customers to reconciling. */
  async function giveUp(
    shop: string,
    ids: readonly string[],
    reason: 'failed' | 'dropped' | 'given_up',
  ): Promise<void> {
    if (ids.length === 0) return;
    metrics.snapshots.inc({ outcome: reason }, ids.length);
    await recordPending(shop, ids, true);
  }

  async function secureQueue(shop: string, queue: ShopQueue): Promise<void> {
    const asks = [...queue.underWay, ...queue.waiting].filter(([, { version }]) => version === undefined);
    if (asks.length === 0) return;
    const versions = await recordPending(shop, [...new Set(asks.map(([id]) => id))], false);
    await Promise.all(
      asks.map(async ([id, ask]) => {
        const version = versions.get(id);
        if (version !== undefined && ask.isDone) await clear(shop, id, version);
        else ask.version ??= version;
      }),
    );
  }

  /** Puts those back whose snapshot was void; resolves to those for whom that has no use any more. */
  function putBack(queue: ShopQueue, batch: ReadonlyMap<string, Ask>, ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const ask = batch.get(id);
      if (ask === undefined) return true;
      ask.tries += 1;
      return ask.tries >= TRIES || stop.signal.aborted || !add(queue, id, ask);
    });
  }

  async function settle(
    shop: string,
    queue: ShopQueue,
    batch: ReadonlyMap<string, Ask>,
    results: ReadonlyMap<string, Refreshed>,
  ): Promise<void> {
    const ids = [...batch.keys()];
    const left = putBack(
      queue,
      batch,
      ids.filter((id) => isVoid(results.get(id))),
    );
    const unreadable = ids.filter((id) => results.get(id) === 'unreadable');
    await giveUp(shop, [...left, ...unreadable], 'given_up');
    await Promise.all(
      [...batch].map(async ([id, ask]) => {
        if (!isSettled(results.get(id))) return;
        ask.isDone = true;
        if (ask.version !== undefined) await clear(shop, id, ask.version);
      }),
    );
  }

  async function workBatch(shop: string, queue: ShopQueue): Promise<void> {
    const batch = take(queue);
    const ids = [...batch.keys()];
    queue.underWay = batch;
    try {
      const options = { priority: 'background', signal: stop.signal } as const;
      await settle(shop, queue, batch, await refresh(context, shop, ids, options));
    } catch (error) {
      log.warn({ err: error, shop, customers: ids.length }, 'snapshots not fetched');
      if (error instanceof AppError && error.code === 'reauthorization_needed')
        queue.blockedUntil = now().getTime() + BLOCKED_MS;
      await giveUp(shop, ids, 'failed');
    } finally {
      queue.underWay = new Map();
    }
  }

  async function workOff(shop: string, queue: ShopQueue): Promise<void> {
    // Short of a full batch it waits to fill again, unless there is no time left for that.
    do await workBatch(shop, queue);
    while (queue.waiting.size >= (draining ? 1 : BATCH) && !stop.signal.aborted);
    queue.work = undefined;
    if (queue.waiting.size > 0) schedule(shop, queue);
    else if (!isBlocked(queue, now())) queues.delete(shop);
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

  function enqueue(shop: string, queue: ShopQueue, id: string, version?: string): void {
    if (!stop.signal.aborted && add(queue, id, { tries: 0, version, isDone: false })) {
      schedule(shop, queue);
      if (securing) void secureQueue(shop, queue);
      return;
    }
    if (version === undefined) void giveUp(shop, [id], 'dropped');
    else metrics.snapshots.inc({ outcome: 'dropped' });
  }

  async function record(shop: string, id: string): Promise<void> {
    const hasFailed = isBlocked(queueOf(shop), now());
    const version = await requests.ledger.pendingRefreshes.record(shop, id, hasFailed);
    const queue = queueOf(shop);
    // Without a token it is left to reconciling.
    if (isBlocked(queue, now())) return;
    const before = queue.waiting.get(id);
    if (before === undefined) enqueue(shop, queue, id, version);
    else before.version = version;
  }

  async function secure(): Promise<void> {
    securing = true;
    await Promise.all([...queues].map(([shop, queue]) => secureQueue(shop, queue)));
  }

  return {
    ask(shop, id) {
      const queue = queueOf(shop);
      if (isBlocked(queue, now())) void giveUp(shop, [id], 'failed');
      else enqueue(shop, queue, id);
    },

    async askDurably(shop, id) {
      if (queueOf(shop).waiting.get(id)?.version !== undefined) return;
      const key = `${shop}#${id}`;
      const promise = recording.get(key) ?? record(shop, id).finally(() => recording.delete(key));
      recording.set(key, promise);
      await promise;
    },

    secure,

    async drain(limit) {
      const late = delay(limit, undefined, { ref: false });
      // Before anything else: what is recorded is not lost, however little time there is for the rest.
      await secure();
      draining = true;
      for (const [shop, queue] of queues) if (queue.waiting.size > 0) start(shop, queue);
      await Promise.race([Promise.all([...queues.values()].map(({ work }) => Promise.resolve(work))), late]);
      stop.abort();
      for (const { timer } of queues.values()) clearTimeout(timer);
    },
  };
}
