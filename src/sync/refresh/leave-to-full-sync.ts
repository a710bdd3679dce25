import type { SyncContext } from '../sync-context.ts';

/**
 * Leaves the customers of a shop who wait for a snapshot to a full sync, which becomes due, because they are too many to
 * note or to fetch them one by one. Until it has ended well, that snapshots are missing stays noted.
 * @throws AppError `store_failed`
 */
export async function leaveToFullSync({ ledger }: Pick<SyncContext, 'ledger'>, shop: string): Promise<void> {
  // The note first: the sync takes away only what it has found when it began.
  await ledger.states.recordPending(shop);
  await ledger.jobs.request(shop, 'full', 'full', { mode: 'apply' });
}
