import type { Reconciled } from '../ledger/sync-state.ts';
import { runSyncJob, type SyncJobOptions } from './sync-job.ts';

/** Looks for changes of a shop's customers that webhooks have lost. Resolves to the exit code. */
export function syncReconcile(options: SyncJobOptions): Promise<number> {
  return runSyncJob<Reconciled>(options, {
    name: 'reconcile',
    queue: 'short',
    requested: {},
    result: async ({ ledger }) => (await ledger.states.get(options.shop)).reconciled,
    idOf: ({ at }) => at,
    isAnswer: () => true,
    conclude: ({ changes, repaired }) => ({
      text: `${changes} changes looked at, ${repaired} users repaired`,
      code: 0,
    }),
  });
}
