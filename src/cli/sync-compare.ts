import { KINDS, type DriftReport } from '../ledger/drift.ts';
import { runSyncJob, type SyncJobOptions } from './sync-job.ts';

function toVerdict({ complete, problem }: DriftReport, open: number): string {
  if (!complete) return `Not complete: ${problem}`;
  if (open > 0) return `${open} users are not what Shopify says`;
  return 'Every user is what Shopify says';
}

function conclude(report: DriftReport) {
  const { complete, problem: _, ...figures } = report;
  const open = KINDS.reduce((sum, kind) => sum + figures[kind], 0) - figures.repaired + figures.unreadable;
  const text = `${JSON.stringify(figures)}\n${toVerdict(report, open)}`;
  return { text, code: complete && open === 0 ? 0 : 1 };
}

/**
 * Compares every customer of a shop with every user, and repairs differences with `--repair`. Exit code 0 if everybody was
 * compared and no difference is left.
 */
export function compareShop(options: SyncJobOptions & { readonly repair?: true }): Promise<number> {
  const repair = options.repair === true;
  return runSyncJob(options, {
    begin: ({ compare }, stop) => compare.begin(options.shop, { repair }, stop),
    conclude,
  });
}
