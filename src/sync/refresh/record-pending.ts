import pLimit from 'p-limit';
import type { SyncContext } from '../sync-context.ts';

/**
 * Records that customers' refresh is pending, for the next reconcile: one by one, or for the whole shop if so many come
 * at once that their records would be a storm of their own. Never rejects.
 */
export type RecordPending = (
  shop: string,
  shopifyIds: readonly string[],
  reason: 'failed' | 'dropped' | 'given_up',
) => Promise<void>;

const CONCURRENCY = 16;
/** Records that may wait to be written. */
const MAX_WAITING = 500;

export function createRecordPending({
  ledger,
  metrics,
  log,
}: Pick<SyncContext, 'ledger' | 'metrics' | 'log'>): RecordPending {
  const limit = pLimit(CONCURRENCY);

  return async function recordPending(shop, shopifyIds, reason) {
    const { pendingRefreshes, states } = ledger;
    metrics.snapshots.inc({ outcome: reason }, shopifyIds.length);
    try {
      if (limit.pendingCount + shopifyIds.length > MAX_WAITING) await states.recordPending(shop);
      else await Promise.all(shopifyIds.map((id) => limit(() => pendingRefreshes.record(shop, id, true))));
    } catch (error) {
      log.error(
        { err: error, shop, customers: shopifyIds.length },
        'pending refreshes could not be recorded',
      );
    }
  };
}
