import { useCallback } from 'preact/hooks';
import { api } from './api.ts';
import type { Sync } from './api-types.ts';
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

export const troublesOf = ({ attention, dead_letters: letters, job, certificate }: Sync): number =>
  attention.length +
  letters.length +
  (job?.state === 'failed' ? 1 : 0) +
  (certificate?.complete === false ? 1 : 0);

export function summaryOf(sync: Sync): Summary {
  if (sync.install.needs_reauthorization || sync.install.status === 'uninstalled') return 'reauthorize';
  if (isAtWork(sync)) return 'working';
  if (troublesOf(sync) > 0) return 'attention';
  return sync.certificate === null ? 'not_imported' : 'in_sync';
}
