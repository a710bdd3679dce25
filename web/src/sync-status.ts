import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from './api.ts';
import type { Attention, Drift, SyncStatus } from './answers.ts';
import { usePolling, useResource, type Resource } from './resource.ts';

const POLL_MS = 2000;
const TIMEOUT_MS = 60_000;

/** What has failed is begun again by itself: a job that is told of is at work. */
const isAtWork = (sync: SyncStatus | undefined): boolean => sync !== undefined && sync.job !== null;

interface SyncResource extends Resource<SyncStatus> {
  /** Changes are being looked for, which is no job that the status tells of: its end is waited for. */
  readonly expectReconcile: () => void;
}

/** How the sync stands; asked again every two seconds only while something is at work and somebody looks. */
export function useSync(): SyncResource {
  const sync = useResource('sync', api.sync);
  const { reload, data } = sync;
  const reconciledAt = data?.reconcile?.at ?? null;
  // The one before the one that is waited for.
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

/** The one thing that matters most now. */
export type Summary = 'reauthorize' | 'working' | 'not_imported' | 'attention' | 'in_sync';

/** Something that needs the merchant. */
export type Trouble =
  | { readonly kind: 'person'; readonly attention: Attention }
  | { readonly kind: 'dead_letters' | 'drift'; readonly count: number }
  | { readonly kind: 'certificate' };

export const DIFFERENCES = ['missing_here', 'extra_here', 'stale', 'wrong_entitlements'] as const;

export const differencesOf = (drift: Drift): number =>
  DIFFERENCES.reduce((sum, name) => sum + drift[name], 0);

/** Those that are still there. */
export const openOf = (drift: Drift): number => differencesOf(drift) - drift.repaired;

/** Everything that needs the merchant, in the order in which it is shown. */
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
