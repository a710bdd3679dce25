import { KINDS, type DriftReport } from '../../ledger/drift.ts';
import { freshProgress, readProgress, type BackfillProgress } from './progress.ts';
import { runComparison, type CompareRunDeps } from './check-run.ts';
import type { SyncContext } from '../sync-context.ts';
import { finishJob, takeJob, type HeldJob } from '../jobs/held-job.ts';

/** A comparison that runs in this process. */
interface RunningComparison {
  readonly progress: () => BackfillProgress;
  /**
   * Resolves to what it found; undefined if it was stopped or another process has taken it over.
   * Rejects as runComparison does; whoever begins next starts anew.
   */
  readonly finished: Promise<DriftReport | undefined>;
}

/** Compares every customer of a shop with every user, which finds also what no change at Shopify points at. */
export interface Compare {
  /** Undefined as long as a process is at it. What it finds is repaired only with `repair`. */
  begin(
    shop: string,
    options: { readonly repair: boolean },
    stop: AbortSignal,
  ): Promise<RunningComparison | undefined>;
  /**
   * What is to be begun of its own accord: one that was left unfinished, or, a week after the last one or after the first
   * import, one that repairs nothing.
   */
  due(shop: string): Promise<{ readonly repair: boolean } | undefined>;
}

type CompareDeps = CompareRunDeps & Pick<SyncContext, 'log'>;

const JOB = 'compare';
const WEEK_MS = 7 * 86_400_000;
/** What was not complete is begun again after this. */
const AGAIN_AFTER_MS = 86_400_000;
/** One that has failed or was killed is begun again so long after its beginning: it is no small work. */
const LEFT_AFTER_MS = 10 * 60_000;

const foundEverybodyRight = (report: DriftReport): boolean =>
  report.complete &&
  report.unreadable === 0 &&
  KINDS.reduce((sum, kind) => sum + report[kind], 0) === report.repaired;

export function createCompare(deps: CompareDeps): Compare {
  const { metrics, log, now } = deps;
  const { jobs, certificates, drifts, states } = deps.ledger;

  async function run(shop: string, job: HeldJob<BackfillProgress>): Promise<DriftReport> {
    const { pendingVersion } = await states.get(shop);
    const report = await runComparison(deps, shop, job);
    await drifts.put(shop, report);
    // Whoever waited for a snapshot when it began has been looked at since.
    if (pendingVersion !== undefined && foundEverybodyRight(report))
      await states.clearPending(shop, pendingVersion);
    await job.save({ state: 'done', problem: report.problem });
    metrics.repaired.inc(report.repaired);
    const { started_at: _, finished_at: __, ...figures } = report;
    log.info({ shop, ...figures }, 'comparison ended');
    return report;
  }

  return {
    async begin(shop, { repair }, stop) {
      const earlier = await jobs.list(shop);
      // What the one before had noted on its disk is gone with its process, so every run is a new one.
      const toFirst = () => ({ ...freshProgress('compare', earlier, now()), repair });
      const job = await takeJob(jobs, { shop, name: JOB }, toFirst, stop);
      return job && { progress: job.progress, finished: finishJob(job, () => run(shop, job)) };
    },

    async due(shop) {
      const ageOf = (instant: string) => now().getTime() - Date.parse(instant);
      const left = readProgress((await jobs.list(shop)).get(JOB)?.progress);
      if (left !== undefined && left.state !== 'done')
        return ageOf(left.started_at) < LEFT_AFTER_MS ? undefined : { repair: left.repair === true };
      const [{ complete: imported }, last] = await Promise.all([
        certificates.latest(shop),
        drifts.latest(shop),
      ]);
      const since = last?.finished_at ?? imported?.finished_at;
      if (since === undefined) return undefined;
      const wait = last?.complete === false ? AGAIN_AFTER_MS : WEEK_MS;
      return ageOf(since) < wait ? undefined : { repair: false };
    },
  };
}
