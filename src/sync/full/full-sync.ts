import { targetOf } from '../../ledger/plans.ts';
import type { DifferenceRow, FullSyncReport } from '../../ledger/full-sync-reports.ts';
import type { JobClaim } from '../../ledger/jobs.ts';
import { holdJob, type HeldJob } from '../jobs/held-job.ts';
import { countPeople } from '../status/count-people.ts';
import type { SyncContext } from '../sync-context.ts';
import { handleBatches, type HandleCustomers } from './batches.ts';
import { findDeletions } from './deletions.ts';
import { createIdStore, type IdStore } from './id-store.ts';
import { nextDue } from './next-due.ts';
import { freshProgress, readProgress, toReport, type FullSyncProgress } from './progress.ts';
import { readEverybody, type ReaderContext } from './read-everybody.ts';
import { nextAlarm } from './removals-alarm.ts';

export interface FullSyncContext extends ReaderContext, SyncContext {
  readonly applyCustomers: HandleCustomers;
  readonly checkCustomers: HandleCustomers;
}

type Job = HeldJob<FullSyncProgress>;

/** Rows of one report. */
const MAX_ROWS = 10_000;

/** Why not everybody is accounted for although everybody was listed. */
function problemOf({ failed, undecided }: FullSyncProgress): string | undefined {
  if (failed > 0) return `${failed} customers could not be read or written`;
  return undecided > 0 ? `${undecided} customers were being changed all the time` : undefined;
}

/** The refreshes that a full sync makes needless if it brings everybody to an end. */
async function notePending({ ledger }: FullSyncContext, shop: string, ids: IdStore): Promise<void> {
  for await (const { shopifyId, version } of ledger.pendingRefreshes.list(shop))
    ids.addPending(shopifyId, version);
}

async function clearPending(
  { ledger: { pendingRefreshes, states } }: FullSyncContext,
  shop: string,
  ids: IdStore,
  version: string | undefined,
): Promise<void> {
  for (const pending of ids.pending()) await pendingRefreshes.clear(shop, pending.id, pending.version);
  if (version !== undefined) await states.clearPending(shop, version);
}

/** Plans that were edited meanwhile reach those who were written before and after. */
async function followPlans(
  { ledger }: FullSyncContext,
  shop: string,
  before: FullSyncProgress['plans'],
): Promise<void> {
  const changed = (await ledger.plans.all(shop)).filter((plan) => before[plan.gid] !== targetOf(plan));
  if (changed.length > 0)
    await ledger.plans.requestFanOut(
      shop,
      changed.map(({ gid }) => gid),
    );
  await ledger.jobs.request(shop, 'plans', 'short');
}

/** Keeps what was found of a listing, up to a limit. */
function createKeepRows({ ledger }: FullSyncContext, shop: string, job: Job) {
  return async function keepRows(found: readonly DifferenceRow[]): Promise<void> {
    const { is_first, mode, state, rows: kept, listed, started_at, listings } = job.progress();
    const isNews = ({ difference }: DifferenceRow) =>
      !(is_first && mode === 'apply' && difference === 'missing_here');
    const rows = found.filter(isNews).slice(0, MAX_ROWS - kept);
    const [firstRow] = rows;
    if (firstRow === undefined) return;
    const part =
      state === 'deletions' ? `deleted ${firstRow.shopify_id}` : `listed ${String(listed).padStart(10, '0')}`;
    await ledger.fullSyncReports.addRows(shop, { started_at, listings }, part, rows);
    job.note({ rows: kept + rows.length });
  };
}

/** What is left to do for the rest of the program after customers were written. */
async function concludeApply(
  context: FullSyncContext,
  shop: string,
  job: Job,
  ids: IdStore,
  report: FullSyncReport,
): Promise<void> {
  const { ledger, metrics, now } = context;
  const { pending_version, plans, is_first, differences } = job.progress();
  if (report.complete) await clearPending(context, shop, ids, pending_version);
  await followPlans(context, shop, plans);
  await countPeople(context, shop);
  if (!is_first) metrics.repaired.inc(differences.stale + differences.wrong_entitlements + report.removed);
  if (report.unconfirmed_removals > 0)
    await ledger.jobs.schedule(shop, 'removals', 'short', nextAlarm(now()));
}

async function conclude(
  context: FullSyncContext,
  shop: string,
  job: Job,
  ids: IdStore,
  problem: string | undefined,
  unconfirmed: number | undefined,
): Promise<Date> {
  const { ledger, log, now } = context;
  const { fullSyncReports, states } = ledger;
  const { mode, extra_here } = job.progress();
  const { lastApply: applied } = await fullSyncReports.latest(shop);
  // Neither a check nor who could not look answers the question of the run before.
  const before = applied?.unconfirmed_removals ?? 0;
  const asked =
    unconfirmed ?? (mode === 'check' && problem === undefined ? Math.min(before, extra_here) : before);
  const report = toReport(job.progress(), {
    problem,
    unconfirmed: asked,
    before: applied,
    now: now(),
  });
  if (mode === 'apply') await concludeApply(context, shop, job, ids, report);
  await fullSyncReports.put(shop, report);
  const { started_at: _, finished_at: __, ...figures } = report;
  log.info({ shop, ...figures }, 'full sync ended');
  if (mode === 'apply') return nextDue(report, now());
  // What was asked for while a check waited to begin is one request with it.
  const { pendingSince } = await states.get(shop);
  return pendingSince === undefined ? nextDue(applied, now()) : now();
}

/**
 * Reads every customer of a shop, brings their users to what they are or, in mode `check`, only counts, and looks for
 * those whom Shopify has no more. Resolves to when that is due again.
 * @throws the stop's reason, AppError `store_failed` and those of Admin; the job stands where the next can go on
 */
export async function runFullSync(
  context: FullSyncContext,
  shop: string,
  claim: JobClaim,
  stop: AbortSignal,
): Promise<Date> {
  const resumed = readProgress(claim.progress);
  const first = resumed ?? (await freshProgress(context, shop, claim.requested));
  const ids = createIdStore();
  try {
    return await holdJob(claim, first, stop, async (job) => {
      // Of a run that was left nobody knows any more what was pending then: the next reconcile refreshes it.
      if (resumed === undefined && first.mode === 'apply') await notePending(context, shop, ids);
      const keepRows = createKeepRows(context, shop, job);
      const deal = first.mode === 'apply' ? context.applyCustomers : context.checkCustomers;
      const handle: HandleCustomers = async (...batch) => {
        const handled = await deal(...batch);
        ids.addCandidates(handled.gone);
        return handled;
      };
      const lack = await readEverybody(context, shop, job, ids, (batches) =>
        handleBatches({ handle, keepRows, job, shop }, batches),
      );
      // Who is missing in a part of a listing may well be in the rest.
      const left = lack === undefined ? await findDeletions(context, shop, job, ids, keepRows) : undefined;
      const unconfirmed = first.mode === 'apply' ? left : undefined;
      return conclude(context, shop, job, ids, lack ?? problemOf(job.progress()), unconfirmed);
    });
  } finally {
    ids.close();
  }
}
