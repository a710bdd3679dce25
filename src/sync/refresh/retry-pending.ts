import { refresh, type RefreshContext } from './refresh.ts';
import { isSettled } from './refresh-until-settled.ts';

const BATCH = 50;

/**
 * Refreshes the customers of a shop whose refresh is pending, and clears those who are settled. Resolves to how many
 * users were not what Shopify says.
 * @throws AppError `store_failed` and those of Admin; what is not done stays pending
 */
export async function retryPending(
  context: RefreshContext,
  shop: string,
  signal: AbortSignal,
): Promise<number> {
  const { pendingRefreshes } = context.ledger;
  let repaired = 0;

  async function settle(versions: ReadonlyMap<string, string>): Promise<void> {
    const options = { priority: 'background', signal, limitWrites: true } as const;
    const results = await refresh(context, shop, [...versions.keys()], options);
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
}
