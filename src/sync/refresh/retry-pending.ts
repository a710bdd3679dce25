import type { PendingRefreshes } from '../../ledger/pending-refreshes.ts';
import type { WriteLimiter } from '../../users/write-limiter.ts';
import type { Refresh, Refreshed } from './refresh.ts';

/**
 * Refreshes exactly the customers of whom it is noted that their snapshot is missing, and takes the notes of those away
 * who are dealt with. Resolves to how many users were not what Shopify says.
 * @throws AppError `store_failed` and those of Admin; what is not done stays noted
 */
export type RetryPending = (shop: string, signal: AbortSignal) => Promise<number>;

export interface RetryPendingDeps {
  readonly pendingRefreshes: PendingRefreshes;
  readonly refresh: Refresh;
  readonly writeLimiter: WriteLimiter;
}

const BATCH = 50;

/** Whether a snapshot has said what it could; else another one has to. */
export const isSettled = (result: Refreshed | undefined): boolean =>
  result !== undefined && result !== 'conflict' && result !== 'outdated';

export function createRetryPending({
  pendingRefreshes,
  refresh,
  writeLimiter,
}: RetryPendingDeps): RetryPending {
  return async function retryPending(shop, signal) {
    let repaired = 0;

    async function settle(versions: ReadonlyMap<string, string>): Promise<void> {
      const options = { priority: 'background', signal, writeLimiter } as const;
      const results = await refresh(shop, [...versions.keys()], options);
      for (const [id, version] of versions) {
        if (results.get(id) === 'written') repaired += 1;
        if (isSettled(results.get(id))) await pendingRefreshes.clear(shop, id, version);
      }
    }

    let versions = new Map<string, string>();
    for await (const { shopifyId, version } of pendingRefreshes.list(shop)) {
      versions.set(shopifyId, version);
      if (versions.size < BATCH) continue;
      await settle(versions);
      versions = new Map();
    }
    if (versions.size > 0) await settle(versions);
    return repaired;
  };
}
