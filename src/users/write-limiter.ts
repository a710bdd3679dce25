import pThrottle from 'p-throttle';
import type { Entitlements } from '../customers/entitlements.ts';

/** Resolves when the write units may be used. */
export type WriteLimiter = (units: number) => Promise<void>;

/** Limits the write units a second of this process' background work; webhooks have the rest. */
export function createWriteLimiter(unitsPerSecond: number): WriteLimiter {
  const throttle = pThrottle({ limit: unitsPerSecond, interval: 1000, weight: (units: number) => units });
  return throttle(async () => undefined);
}

/**
 * The most write units that a snapshot takes: the item, shopify_id-index, shop-created_at-index and
 * active-created_at-index; one more index for each role and for the plan.
 */
export function estimateWriteUnits({ isAdmin, isFeaturedAuthor, plan }: Entitlements): number {
  // What is not known is not written.
  const roles = Number(isAdmin ?? false) + Number(isFeaturedAuthor ?? false);
  return 4 + roles + Number(plan !== null && plan !== undefined);
}
