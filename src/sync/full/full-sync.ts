import type { JobClaim } from '../../ledger/jobs.ts';
import { holdJob } from '../jobs/held-job.ts';
import type { SyncContext } from '../sync-context.ts';
import { runBackfill, type RunDeps } from './bulk-reader.ts';
import { freshProgress, readProgress, toCertificate } from './progress.ts';

const WEEK_MS = 7 * 86_400_000;
const AGAIN_AFTER_MS = 3_600_000;

type Context = RunDeps & Pick<SyncContext, 'ledger' | 'log'>;

/**
 * Reads every customer of a shop and brings them into the users table. Resolves to when that is due again.
 * @throws the stop's reason, AppError `store_failed` and those of Admin; the job stands where the next can go on
 */
export async function runFullSync(
  context: Context,
  shop: string,
  claim: JobClaim,
  stop: AbortSignal,
): Promise<Date> {
  const { ledger, log, now } = context;
  const first =
    readProgress(claim.progress) ?? freshProgress('backfill', await ledger.jobs.list(shop), now());
  return holdJob(claim, first, stop, async (job) => {
    const { objectCount, problem } = await runBackfill(context, shop, job);
    const certificate = toCertificate(job.progress(), objectCount, problem, now());
    await ledger.certificates.put(shop, certificate);
    const { complete, lines_read, written, duration_ms } = certificate;
    log.info({ shop, complete, problem, lines_read, written, duration_ms }, 'full sync ended');
    return new Date(now().getTime() + (complete ? WEEK_MS : AGAIN_AFTER_MS));
  });
}
