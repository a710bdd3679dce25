import { resolveEntitlements, type Entitlements } from '../customers/entitlements.ts';
import type { Snapshot } from '../customers/snapshot.ts';
import { currentPlans } from '../ledger/plans.ts';
import type { SyncContext } from './sync-context.ts';

/**
 * Reads a shop's plans once; the function it resolves to says what follows for a customer of the shop.
 * @throws AppError `store_failed`
 */
export async function readShopEntitlements(
  { ledger, rules }: Pick<SyncContext, 'ledger' | 'rules'>,
  shop: string,
): Promise<(snapshot: Snapshot) => Entitlements> {
  const plans = currentPlans(await ledger.plans.all(shop));
  return (snapshot) => resolveEntitlements(snapshot, plans, rules);
}
