import type { Certificate } from '../ledger/certificates.ts';
import { runSyncJob, type SyncJobOptions } from './sync-job.ts';

function conclude({ complete, problem, ...figures }: Certificate) {
  const verdict = complete ? 'Complete' : `Not complete: ${problem}`;
  return { text: `${JSON.stringify(figures)}\n${verdict}`, code: complete ? 0 : 1 };
}

/** Imports every customer of a shop. Exit code 0 if the import is complete. */
export function backfillShop(options: SyncJobOptions): Promise<number> {
  return runSyncJob(options, { begin: ({ backfill }, stop) => backfill.begin(options.shop, stop), conclude });
}
