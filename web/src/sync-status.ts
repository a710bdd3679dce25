import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from './api.ts';
import type { Attention, Drift, SyncStatus } from './answers.ts';
import { usePolling, useResource, type Resource } from './resource.ts';

const POLL_MS = 2000;
const TIMEOUT_MS = 60_000;

/** Abandoned jobs are resumed, so every reported job counts as running. */
const isAtWork = (sync: SyncStatus | undefined): boolean => sync !== undefined && sync.job !== null;

interface SyncResource extends Resource<SyncStatus> {
  /** Reconciling runs. It is not among the status' jobs, so the page polls for its result. */
  readonly expectReconcile: () => void;
}

/** The sync status; polled every two seconds while a job runs and the tab is visible. */
export function useSync(): SyncResource {
  const sync = useResource('sync', api.sync);
  const { reload, data } = sync;
  const reconciledAt = data?.reconcile?.at ?? null;
  // The previous result, to tell when a new one arrives.
  const [before, setBefore] = useState<string | null>();
  const isExpected = before !== undefined && before === reconciledAt;
  usePolling(isAtWork(data) || isExpected, reload, POLL_MS);
  useEffect(() => {
    if (before === undefined) return;
    const timer = setTimeout(() => setBefore(undefined), TIMEOUT_MS);
    return () => clearTimeout(timer);
  }, [before]);
  const expectReconcile = useCallback(() => {
    setBefore(reconciledAt);
    reload();
  }, [reconciledAt, reload]);
  return { ...sync, expectReconcile };
}

/** The most important fact about the sync. */
export type Summary = 'reauthorize' | 'working' | 'not_imported' | 'attention' | 'in_sync';

/** Something that needs attention. */
export type Trouble =
  | { readonly kind: 'person'; readonly attention: Attention }
  | { readonly kind: 'dead_letters' | 'drift'; readonly count: number }
  | { readonly kind: 'certificate' };

export const DIFFERENCES = ['missing_here', 'extra_here', 'stale', 'wrong_entitlements'] as const;

export const differencesOf = (drift: Drift): number =>
  DIFFERENCES.reduce((sum, name) => sum + drift[name], 0);

/** The differences that are not repaired. */
export const openOf = (drift: Drift): number => differencesOf(drift) - drift.repaired;

/** Everything that needs attention, in display order. */
export function troublesOf(sync: SyncStatus): Trouble[] {
  const { attention, dead_letters: deadLetters, certificate, drift } = sync;
  const troubles: Trouble[] = attention.map((one) => ({ kind: 'person', attention: one }));
  if (deadLetters.length > 0) troubles.push({ kind: 'dead_letters', count: deadLetters.length });
  if (certificate?.complete === false) troubles.push({ kind: 'certificate' });
  if (drift !== null && openOf(drift) > 0) troubles.push({ kind: 'drift', count: openOf(drift) });
  return troubles;
}

export function summaryOf(sync: SyncStatus): Summary {
  if (sync.install.needs_reauthorization || sync.install.status === 'uninstalled') return 'reauthorize';
  if (isAtWork(sync)) return 'working';
  if (troublesOf(sync).length > 0) return 'attention';
  return sync.certificate === null ? 'not_imported' : 'in_sync';
}
