import pLimit from 'p-limit';
import type { SyncStates } from '../../ledger/sync-state.ts';
import type { PendingRefreshes } from '../../ledger/pending-refreshes.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';

/**
 * Notes in the ledger that the snapshots of customers are missing, for the next look at the shop (reconcile.ts): one by
 * one, or for the whole shop if so many come at once that their notes would be a storm of their own. Never rejects.
 */
export type RecordPending = (
  shop: string,
  shopifyIds: readonly string[],
  reason: 'failed' | 'dropped' | 'given_up',
) => Promise<void>;

export interface RecordPendingDeps {
  readonly pendingRefreshes: Pick<PendingRefreshes, 'record'>;
  readonly states: Pick<SyncStates, 'recordPending'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const AT_ONCE = 16;
/** Notes that may wait to be written. */
const MOST = 500;

export function createRecordPending({
  pendingRefreshes,
  states,
  metrics,
  log,
}: RecordPendingDeps): RecordPending {
  const limit = pLimit(AT_ONCE);

  return async function recordPending(shop, shopifyIds, reason) {
    metrics.snapshots.inc({ outcome: reason }, shopifyIds.length);
    try {
      if (limit.pendingCount + shopifyIds.length > MOST) await states.recordPending(shop);
      else await Promise.all(shopifyIds.map((id) => limit(() => pendingRefreshes.record(shop, id, true))));
    } catch (error) {
      log.error({ err: error, shop, customers: shopifyIds.length }, 'missing snapshots could not be noted');
    }
  };
}
