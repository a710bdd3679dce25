import { useCallback } from 'preact/hooks';
import { api } from './api.ts';
import type { Attention, Drift, Sync } from './api-types.ts';
import { usePolling, useResource, type Resource } from './resource.ts';

const POLL_MS = 2000;

const isAtWork = (sync: Sync | undefined): boolean =>
  sync?.job?.state === 'running' || sync?.job?.state === 'waiting';

/** The state of the sync; asked again every two seconds only while a job is at work and somebody looks. */
export function useSync(): Resource<Sync> {
  const sync = useResource('sync', api.sync);
  const { reload } = sync;
  usePolling(isAtWork(sync.data), useCallback(reload, [reload]), POLL_MS);
  return sync;
}

/** The one thing that matters most now. */
export type Summary = 'reauthorize' | 'working' | 'not_imported' | 'attention' | 'in_sync';

/** Something that needs the merchant. */
export type Trouble =
  | { readonly kind: 'person'; readonly attention: Attention }
  | { readonly kind: 'letters' | 'drift'; readonly count: number }
  | { readonly kind: 'job' | 'certificate' };

export const DIFFERENCES = ['missing_here', 'extra_here', 'stale', 'wrong_flags'] as const;

export const differencesOf = (drift: Drift): number =>
  DIFFERENCES.reduce((sum, name) => sum + drift[name], 0);

/** Everything that needs the merchant, in the order in which it is shown. */
export function troublesOf({ attention, dead_letters: letters, job, certificate, drift }: Sync): Trouble[] {
  const troubles: Trouble[] = attention.map((one) => ({ kind: 'person', attention: one }));
  if (letters.length > 0) troubles.push({ kind: 'letters', count: letters.length });
  if (job?.state === 'failed') troubles.push({ kind: 'job' });
  if (certificate?.complete === false) troubles.push({ kind: 'certificate' });
  if (drift?.dry_run && differencesOf(drift) > 0)
    troubles.push({ kind: 'drift', count: differencesOf(drift) });
  return troubles;
}

export function summaryOf(sync: Sync): Summary {
  if (sync.install.needs_reauthorization || sync.install.status === 'uninstalled') return 'reauthorize';
  if (isAtWork(sync)) return 'working';
  if (troublesOf(sync).length > 0) return 'attention';
  return sync.certificate === null ? 'not_imported' : 'in_sync';
}
