import type { FullSyncReport } from '../../ledger/full-sync-reports.ts';
import type { SyncStates } from '../../ledger/sync-state.ts';
import type { PendingRefreshes } from '../../ledger/pending-refreshes.ts';
import type { SyncContext } from '../sync-context.ts';
import { whyNotInSync, type SyncFacts } from './in-sync.ts';

/** The facts of a shop with the records that they were taken from. */
interface SyncRecords {
  readonly facts: Omit<SyncFacts, 'hasToken' | 'reconcileMinutes'>;
  readonly state: Awaited<ReturnType<SyncStates['get']>>;
  readonly pending: Awaited<ReturnType<PendingRefreshes['summary']>>;
  /** The last full sync. */
  readonly full: FullSyncReport | undefined;
}

/** @throws AppError `store_failed` */
export async function readSyncFacts(
  { ledger }: Pick<SyncContext, 'ledger'>,
  shop: string,
): Promise<SyncRecords> {
  const [install, state, pending, { last: full, lastApply }] = await Promise.all([
    ledger.installs.get(shop),
    ledger.states.get(shop),
    ledger.pendingRefreshes.summary(shop),
    ledger.fullSyncReports.latest(shop),
  ]);
  const [pendingSince] = [state.pendingSince, pending.oldestAt]
    .filter((since) => since !== undefined)
    .toSorted();
  const unconfirmedRemovals = full?.unconfirmed_removals ?? 0;
  const { reconciled } = state;
  return {
    facts: { install, lastApply, unconfirmedRemovals, reconciled, pendingSince },
    state,
    pending,
    full,
  };
}

/**
 * Counts whether a shop is in sync, for the metrics. Called when a reconcile has ended well, so there is a token.
 * @throws AppError `store_failed`
 */
export async function countSyncCheck(
  context: Pick<SyncContext, 'ledger' | 'metrics' | 'now'>,
  shop: string,
  reconcileMinutes: number,
): Promise<void> {
  const { facts } = await readSyncFacts(context, shop);
  const problem = whyNotInSync({ ...facts, hasToken: true, reconcileMinutes }, context.now());
  context.metrics.syncChecks.inc({ in_sync: String(problem === null) });
}
