import { MANY_PENDING } from '../../ledger/pending-refreshes.ts';
import { leaveToFullSync } from './leave-to-full-sync.ts';
import { refreshUntilSettled } from './refresh-until-settled.ts';
import type { RefreshContext } from './refresh.ts';
import { isSettled } from './settled.ts';

const BATCH = 50;

async function isMany({ ledger }: RefreshContext, shop: string): Promise<boolean> {
  let count = 0;
  for await (const _ of ledger.pendingRefreshes.list(shop, MANY_PENDING + 1)) {
    count += 1;
    if (count > MANY_PENDING) return true;
  }
  return false;
}

/** Whether those who wait are so many that a full sync fetches them; then it is due. */
async function areLeft(context: RefreshContext, shop: string): Promise<boolean> {
  const { jobs, states } = context.ledger;
  const { pendingSince, pendingSettled } = await states.get(shop);
  // It has been: there was nothing wrong with anybody, so what is still noted is worked off.
  if (pendingSettled || !(await isMany(context, shop))) return false;
  if (pendingSince === undefined) await leaveToFullSync(context, shop);
  else await jobs.requestIfIdle(shop, 'full', 'full', { mode: 'apply' });
  return true;
}

/**
 * Refreshes the customers of a shop whose refresh is pending, and clears those who are settled; more than 500 are left to
 * a full sync. Resolves to how many users were not what Shopify says.
 * @param except those who have just been tried: they wait for the next time
 * @throws AppError `store_failed` and those of Admin; what is not done stays pending
 */
export async function retryPending(
  context: RefreshContext,
  shop: string,
  except: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<number> {
  const { pendingRefreshes, states } = context.ledger;
  if (await areLeft(context, shop)) return 0;
  let repaired = 0;

  async function settle(versions: ReadonlyMap<string, string>): Promise<void> {
    const options = { priority: 'background', signal, limitWrites: true } as const;
    const results = await refreshUntilSettled(context, shop, [...versions.keys()], options);
    for (const [id, version] of versions) {
      if (results.get(id) === 'written') repaired += 1;
      if (isSettled(results.get(id))) await pendingRefreshes.clear(shop, id, version);
    }
  }

  let versions = new Map<string, string>();
  for await (const { shopifyId, version } of pendingRefreshes.list(shop)) {
    if (except.has(shopifyId)) continue;
    versions.set(shopifyId, version);
    if (versions.size < BATCH) continue;
    await settle(versions);
    versions = new Map();
  }
  if (versions.size > 0) await settle(versions);
  if ((await states.get(shop)).pendingSettled) await states.clearPendingSettled(shop);
  return repaired;
}
