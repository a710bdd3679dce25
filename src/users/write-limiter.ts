import pThrottle from 'p-throttle';
import type { Entitlements } from '../customers/entitlements.ts';

/** Resolves when so many write units may be used. */
export type WriteLimiter = (units: number) => Promise<void>;

/** Keeps background work within a number of write units a second in this process, so that webhooks have the rest. */
export function createWriteLimiter(unitsPerSecond: number): WriteLimiter {
  const throttle = pThrottle({ limit: unitsPerSecond, interval: 1000, weight: (units: number) => units });
  return throttle(async () => undefined);
}

/**
 * The write units that a snapshot takes at most: the item, shopify_id-index, the shop's and the active ones' index; each
 * flag and the plan are one index more.
 */
export function estimateWriteUnits({ isAdmin, isFeaturedAuthor, plan }: Entitlements): number {
  return 4 + Number(isAdmin) + Number(isFeaturedAuthor) + Number(plan !== null);
}
