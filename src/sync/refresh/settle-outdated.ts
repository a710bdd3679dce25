import pLimit from 'p-limit';
import { refresh, type RefreshContext, type Refreshed, type RefreshOptions } from './refresh.ts';
import { isSettled } from './settled.ts';

/** So often, and for so long, a snapshot is taken for an answer from an older state of Shopify's. */
const TIMES = 3;
const LEAST_MS = 60_000;
const CONCURRENCY = 16;

/**
 * Records customers as pending whose stored time is ahead of their snapshot's. Where that has been so three times over at
 * least a minute while Shopify's time stood still, the stored time is not Shopify's: another program's clock wrote it, or
 * an odd delivery. Then the snapshot is applied, or nothing would ever reach these people. The stored time stays, or the
 * same delivery, repeated, would win again. Resolves to what became of those.
 * @param outdated by id, the snapshot's time; 50 at most
 * @throws as refresh
 */
export async function settleOutdated(
  context: RefreshContext,
  shop: string,
  outdated: ReadonlyMap<string, string>,
  options: RefreshOptions,
): Promise<ReadonlyMap<string, Refreshed>> {
  const { pendingRefreshes } = context.ledger;
  const limit = pLimit(CONCURRENCY);
  const force = new Map<string, string>();
  const versions = new Map<string, string>();

  async function record(id: string, updatedAt: string): Promise<void> {
    const { version, times, since } = await pendingRefreshes.recordOutdated(shop, id, updatedAt);
    if (times < TIMES || context.now().getTime() - Date.parse(since) < LEAST_MS) return;
    force.set(id, updatedAt);
    versions.set(id, version);
  }

  await Promise.all([...outdated].map(([id, updatedAt]) => limit(() => record(id, updatedAt))));
  if (force.size === 0) return new Map();
  const results = await refresh(context, shop, [...force.keys()], { ...options, force });
  for (const [id, version] of versions)
    if (isSettled(results.get(id))) await pendingRefreshes.clear(shop, id, version);
  return results;
}
