import pLimit from 'p-limit';
import type { SyncContext } from '../sync-context.ts';
import type { Refreshed } from './refresh.ts';

const CONCURRENCY = 16;

const VOID: ReadonlySet<Refreshed | undefined> = new Set([undefined, 'conflict', 'outdated', 'unanswered']);

/**
 * Whether a snapshot could say nothing, because somebody else was writing or Shopify could not tell: another one has to be
 * asked for now.
 */
export const isVoid = (result: Refreshed | undefined): boolean => VOID.has(result);

/**
 * Whether a customer is what their snapshot said, or can never be. Whoever is not waits for another snapshot, and has to
 * be recorded as pending before anything that knows of them ends: before a watermark moves, a mark is cleared or a job is
 * done.
 */
export const isSettled = (result: Refreshed | undefined): boolean =>
  !isVoid(result) && result !== 'unreadable';

/**
 * Records that the refresh of customers is pending, for the next reconcile.
 * @throws AppError `store_failed`
 */
export async function recordAsPending(
  { ledger }: Pick<SyncContext, 'ledger'>,
  shop: string,
  shopifyIds: readonly string[],
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await Promise.all(shopifyIds.map((id) => limit(() => ledger.pendingRefreshes.record(shop, id, true))));
}
