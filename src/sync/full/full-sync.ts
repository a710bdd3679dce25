import type { Certificate } from '../../ledger/certificates.ts';
import { freshProgress, readProgress, toCertificate, type BackfillProgress } from './progress.ts';
import { runBackfill, type RunDeps } from './bulk-reader.ts';
import type { SyncContext } from '../sync-context.ts';
import { finishJob, takeJob, type HeldJob } from '../jobs/held-job.ts';
import { isImportDue } from './due.ts';

/** A backfill that runs in this process. */
interface RunningBackfill {
  readonly progress: () => BackfillProgress;
  /**
   * Resolves to the certificate; undefined if it was stopped or another process has taken it over.
   * Rejects as runBackfill does; whoever begins next goes on from there.
   */
  readonly finished: Promise<Certificate | undefined>;
}

/** Brings every customer of a shop into the users table. */
export interface Backfill {
  /** Begins a run, or goes on with one that was left. Undefined as long as a process works on it. */
  begin(shop: string, stop: AbortSignal): Promise<RunningBackfill | undefined>;
  /** Whether a run was left unfinished, or the shop has been installed since the last complete one was taken. */
  isDue(shop: string): Promise<boolean>;
}

type BackfillDeps = RunDeps & Pick<SyncContext, 'ledger' | 'log'>;

const JOB = 'backfill';

export function createBackfill(deps: BackfillDeps): Backfill {
  const { log, now } = deps;
  const { jobs, installs, certificates } = deps.ledger;

  async function run(shop: string, job: HeldJob<BackfillProgress>): Promise<Certificate> {
    const { objectCount, problem } = await runBackfill(deps, shop, job);
    const certificate = toCertificate(job.progress(), objectCount, problem, now());
    await certificates.put(shop, certificate);
    await job.save({ state: 'done', problem });
    const { complete, lines_read, written, duration_ms } = certificate;
    log.info({ shop, complete, problem, lines_read, written, duration_ms }, 'backfill ended');
    return certificate;
  }

  return {
    async begin(shop, stop) {
      const earlier = await jobs.list(shop);
      const toFirst = (saved: unknown) => {
        const before = readProgress(saved);
        const isLeft = before !== undefined && before.state !== 'done';
        return isLeft ? before : freshProgress('backfill', earlier, now());
      };
      const job = await takeJob(jobs, { shop, name: JOB }, toFirst, stop);
      return job && { progress: job.progress, finished: finishJob(job, () => run(shop, job)) };
    },

    async isDue(shop) {
      const [list, { import_requested_at: requestedAt }] = await Promise.all([
        jobs.list(shop),
        installs.get(shop),
      ]);
      const progress = readProgress(list.get(JOB)?.progress);
      if (progress !== undefined && progress.state !== 'done') return true;
      return isImportDue({ requestedAt, ...(await certificates.latest(shop)) }, now());
    },
  };
}
