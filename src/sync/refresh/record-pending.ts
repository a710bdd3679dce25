import pLimit from 'p-limit';
import { MANY_PENDING } from '../../ledger/pending-refreshes.ts';
import type { SyncContext } from '../sync-context.ts';
import { leaveToFullSync } from './leave-to-full-sync.ts';

/**
 * Records that customers' refresh is pending, for the next reconcile: one by one, or for the whole shop, which makes a
 * full sync due, if so many of it come at once that their records would be a storm of their own. Resolves to the versions
 * of the records that were made one by one. Never rejects.
 * @param failed whether fetching has failed; it counts as under way before
 */
export type RecordPending = (
  shop: string,
  shopifyIds: readonly string[],
  failed: boolean,
) => Promise<ReadonlyMap<string, string>>;

const CONCURRENCY = 16;

export function createRecordPending(context: Pick<SyncContext, 'ledger' | 'log'>): RecordPending {
  const { ledger, log } = context;
  const limit = pLimit(CONCURRENCY);
  /** Records that are being written, by shop. */
  const underWay = new Map<string, number>();
  /** By shop: the storm that has still to be recorded covers everybody who comes before it is. */
  const storms = new Map<string, Promise<void>>();
  const recording = new Map<string, Promise<void>>();

  async function recordStorm(shop: string, before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    storms.delete(shop);
    const promise = leaveToFullSync(context, shop);
    recording.set(shop, promise);
    try {
      await promise;
    } finally {
      if (recording.get(shop) === promise) recording.delete(shop);
    }
  }

  function leaveAll(shop: string): Promise<void> {
    const promise = storms.get(shop) ?? recordStorm(shop, recording.get(shop));
    storms.set(shop, promise);
    return promise;
  }

  async function recordEach(shop: string, ids: readonly string[], failed: boolean) {
    underWay.set(shop, (underWay.get(shop) ?? 0) + ids.length);
    try {
      const records = ids.map((id) =>
        limit(async () => [id, await ledger.pendingRefreshes.record(shop, id, failed)] as const),
      );
      return new Map(await Promise.all(records));
    } finally {
      const left = (underWay.get(shop) ?? 0) - ids.length;
      if (left > 0) underWay.set(shop, left);
      else underWay.delete(shop);
    }
  }

  return async function recordPending(shop, ids, failed) {
    try {
      if ((underWay.get(shop) ?? 0) + ids.length <= MANY_PENDING) return await recordEach(shop, ids, failed);
      await leaveAll(shop);
    } catch (error) {
      log.error({ err: error, shop, customers: ids.length }, 'pending refreshes could not be recorded');
    }
    return new Map();
  };
}
