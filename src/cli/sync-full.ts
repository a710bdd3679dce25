import type { FullSyncReport } from '../ledger/full-sync-reports.ts';
import { runSyncJob, type SyncJobOptions } from './sync-job.ts';

export interface FullSyncOptions extends SyncJobOptions {
  readonly mode: FullSyncReport['mode'];
  readonly confirmRemovals?: number;
}

function toVerdict(report: FullSyncReport, open: number): string {
  const { complete, problem, mode, unconfirmed_removals: asked } = report;
  if (!complete) return `Not complete: ${problem}`;
  if (asked > 0 && mode === 'apply')
    return (
      `Complete, but for ${asked} people whom Shopify has no more: they are too many to be removed without a word. ` +
      `To remove them: --confirm-removals ${asked}`
    );
  if (mode === 'apply') return 'Complete';
  return open === 0 ? 'Every user is what Shopify says' : `${open} users are not what Shopify says`;
}

function conclude(report: FullSyncReport) {
  const { complete, problem: _, ...figures } = report;
  const open = (report.differing ?? 0) + report.extra_here;
  const isGood = complete && (report.mode === 'apply' ? report.unconfirmed_removals === 0 : open === 0);
  return { text: `${JSON.stringify(figures)}\n${toVerdict(report, open)}`, code: isGood ? 0 : 1 };
}

/**
 * Reads every customer of a shop and brings their users to what they are, or only counts whose are not. Resolves to the
 * exit code: 0 if it is complete, nobody differs any more, and nobody's word is waited for.
 */
export function syncFull({ mode, confirmRemovals, ...options }: FullSyncOptions): Promise<number> {
  return runSyncJob<FullSyncReport>(options, {
    name: 'full',
    queue: 'full',
    requested: { mode, ...(confirmRemovals !== undefined && { confirm_removals: confirmRemovals }) },
    result: async ({ ledger }) => (await ledger.fullSyncReports.latest(options.shop)).last,
    idOf: ({ finished_at }) => finished_at,
    isAnswer: (report) => report.mode === mode,
    conclude,
  });
}
