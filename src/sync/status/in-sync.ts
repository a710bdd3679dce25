import type { FullSyncReport } from '../../ledger/full-sync-reports.ts';
import { statusOf, type Install } from '../../ledger/install.ts';
import type { Reconciled } from '../../ledger/sync-state.ts';

/** Why a shop's users cannot be said to be what the shop says. */
export type NotInSync =
  | 'not_installed'
  | 'no_token'
  /** Nobody has read everybody since the app was installed. */
  | 'full_sync_owed'
  /** Users stand whom Shopify does not have any more, until somebody says that they may go. */
  | 'removals_unconfirmed'
  /** Whether changes were missed has not been looked for lately. */
  | 'reconcile_overdue'
  /** Somebody waits who should have been read long ago. */
  | 'pending_overdue';

/** What is known of a shop. */
export interface SyncFacts {
  readonly install: Install;
  readonly hasToken: boolean;
  /** The last full sync that applied what it found. */
  readonly lastApply: Pick<FullSyncReport, 'complete' | 'snapshot_at'> | undefined;
  /** How many people are removed only after somebody has confirmed it. */
  readonly unconfirmedRemovals: number;
  readonly reconciled: Pick<Reconciled, 'at'> | undefined;
  /** Since when the first customer waits to be read, UTC ISO 8601. */
  readonly pendingSince: string | undefined;
  /** Between two reconciles. */
  readonly reconcileMinutes: number;
}

const INTERVALS = 3;
const MINUTE_MS = 60_000;
/** The time of a snapshot may be by our clock, that of the installation is by Shopify's. */
const CLOCKS_MS = 10 * MINUTE_MS;

/**
 * The one rule for "in sync": a shop's users are what the shop says, as of the last reconcile. It holds while the app is
 * installed and has a token, everybody has been read since the installation, no removal waits for an answer, and both
 * the last reconcile that ended well and the oldest pending customer are younger than three of reconcile's intervals.
 * @returns what speaks against it first; null: in sync
 */
export function whyNotInSync(facts: SyncFacts, now: Date): NotInSync | null {
  const { install, hasToken, lastApply, reconciled, pendingSince } = facts;
  const { installed_at: installedAt } = install;
  if (statusOf(install) !== 'installed' || installedAt === undefined) return 'not_installed';
  if (!hasToken) return 'no_token';
  if (lastApply?.complete !== true) return 'full_sync_owed';
  if (Date.parse(lastApply.snapshot_at) < Date.parse(installedAt) - CLOCKS_MS) return 'full_sync_owed';
  if (facts.unconfirmedRemovals > 0) return 'removals_unconfirmed';
  const earliest = now.getTime() - INTERVALS * facts.reconcileMinutes * MINUTE_MS;
  const isOverdue = (at: string) => Date.parse(at) <= earliest;
  if (reconciled === undefined || isOverdue(reconciled.at)) return 'reconcile_overdue';
  return pendingSince !== undefined && isOverdue(pendingSince) ? 'pending_overdue' : null;
}
