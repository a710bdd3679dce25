import { api } from './api.ts';
import { DIFFERENCES, type Attention, type FullSync, type SyncStatus } from './answers.ts';
import { usePolling, useResource, type Resource } from './resource.ts';

const WORK_MS = 2000;
const STUCK_MS = 30_000;

const isAtWork = ({ job }: SyncStatus): boolean => job?.state === 'working' || job?.state === 'waiting';
const isStuck = ({ job }: SyncStatus): boolean => job !== null && job.stalled !== null;

/** How the sync stands; asked again while something is at work, or gets nowhere, and somebody looks. */
export function useSync(): Resource<SyncStatus> {
  const sync = useResource('sync', api.sync);
  const { reload, data } = sync;
  usePolling(data !== undefined && isAtWork(data), reload, WORK_MS);
  usePolling(data !== undefined && isStuck(data), reload, STUCK_MS);
  return sync;
}

/** The one thing that matters most now. */
export type Summary = 'reauthorize' | 'working' | 'stalled' | 'attention' | 'not_in_sync' | 'in_sync';

/** Something that needs the merchant. */
export type Trouble =
  | { readonly kind: 'attention'; readonly attention: Attention }
  | { readonly kind: 'dead_letters' | 'differences'; readonly count: number }
  | { readonly kind: 'incomplete' };

export const differencesOf = ({ differences }: FullSync): number =>
  DIFFERENCES.reduce((sum, name) => sum + differences[name], 0);

/** How many people are removed as soon as the merchant says so; undefined: there is no question. */
export const removalsOf = ({ attention }: SyncStatus): number | undefined =>
  attention.find(({ code }) => code === 'removals_unconfirmed')?.count ?? undefined;

/** Everything that needs the merchant, in the order in which it is shown. */
export function troublesOf({ attention, dead_letters: deadLetters, full }: SyncStatus): Trouble[] {
  const troubles: Trouble[] = attention.map((one) => ({ kind: 'attention', attention: one }));
  if (deadLetters.length > 0) troubles.push({ kind: 'dead_letters', count: deadLetters.length });
  if (full === null) return troubles;
  if (!full.complete) troubles.push({ kind: 'incomplete' });
  // What a full sync has found it has put right, unless it was to look only.
  const count = full.mode === 'check' ? differencesOf(full) : 0;
  if (count > 0) troubles.push({ kind: 'differences', count });
  return troubles;
}

export function summaryOf(sync: SyncStatus): Summary {
  if (sync.install.needs_reauthorization || sync.install.status === 'uninstalled') return 'reauthorize';
  if (isAtWork(sync)) return 'working';
  if (isStuck(sync)) return 'stalled';
  if (troublesOf(sync).length > 0) return 'attention';
  return sync.in_sync ? 'in_sync' : 'not_in_sync';
}
