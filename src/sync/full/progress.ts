import { z } from 'zod';
import { differenceCounts, type FullSyncReport } from '../../ledger/full-sync-reports.ts';
import { targetOf } from '../../ledger/plans.ts';
import type { SyncContext } from '../sync-context.ts';

/** What may become of one listed customer. */
export const OUTCOMES = [
  'written',
  'differing',
  'unchanged',
  'already_newer',
  'tombstoned',
  'failed',
  'undecided',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const counts = z.object({
  listed: z.number(),
  written: z.number(),
  differing: z.number(),
  unchanged: z.number(),
  already_newer: z.number(),
  duplicate: z.number(),
  tombstoned: z.number(),
  failed: z.number(),
  unreadable: z.number(),
  undecided: z.number(),
});

const requestedSchema = z.object({
  mode: z.enum(['apply', 'check']).default('apply'),
  /** As many users may be removed, however many the shop has; undefined: nobody has been asked. */
  confirm_removals: z.number().optional(),
});

const schema = z.object({
  kind: z.literal('full'),
  ...requestedSchema.shape,
  /** `reading`: Shopify collects the customers. `deletions`: those are looked for whom Shopify has no more. */
  state: z.enum(['starting', 'reading', 'applying', 'deletions']),
  started_at: z.string(),
  /** Customers that are dealt with in this state, of so many; unknown as long as Shopify still collects them. */
  done: z.number(),
  total: z.number().optional(),
  reader: z.enum(['bulk', 'pages']),
  /** Bulk operations and listings by pages that were begun; of these the operations in a row. */
  listings: z.number(),
  operations: z.number(),
  operation: z.string().optional(),
  /** Operations that were there before the one that is being started; undefined: nobody has looked. */
  known: z.array(z.string()).optional(),
  /** What the operation looked like since when. */
  watched: z.object({ mark: z.string(), since: z.string() }).optional(),
  /** As of when the listing is; empty: there is none yet. */
  snapshot_at: z.string(),
  /** Shopify's clock had come so far when the listing was made, at least; empty: nothing has told it yet. */
  reached_at: z.string(),
  ...counts.shape,
  differences: differenceCounts,
  /** Rows of differences that were kept. */
  rows: z.number(),
  /** Over all that was read of the result so far. */
  digest: z.string(),
  /** The place in a listing by pages: what is after this id, so many at once. */
  page: z.object({ first: z.number(), last_id: z.string().optional() }).optional(),
  removed: z.number(),
  extra_here: z.number(),
  requests: z.number(),
  write_units: z.number(),
  /** Why it had to begin again. */
  problem: z.string().optional(),
  error_code: z.string().optional(),
  /** Nobody has been brought in completely before, so that who is not here is no difference. */
  is_first: z.boolean(),
  /** Of what stood when it began: the shop's pending mark, and what each plan's members were to have. */
  pending_version: z.string().optional(),
  plans: z.record(z.string(), z.string()),
});

/** How far a full sync is, as any process can go on with it. Instants are UTC ISO 8601. */
export type FullSyncProgress = z.infer<typeof schema>;

const noDifferences = { missing_here: 0, extra_here: 0, stale: 0, wrong_entitlements: 0 } as const;

/** Nothing is read yet of an operation's result or of a listing. */
export const nothingRead = {
  done: 0,
  total: undefined,
  snapshot_at: '',
  listed: 0,
  written: 0,
  differing: 0,
  unchanged: 0,
  already_newer: 0,
  duplicate: 0,
  tombstoned: 0,
  failed: 0,
  unreadable: 0,
  undecided: 0,
  differences: noDifferences,
  rows: 0,
  digest: '',
  page: undefined,
} as const;

/** Undefined if nobody has begun yet, or what was saved is of another program. */
export function readProgress(saved: unknown): FullSyncProgress | undefined {
  return schema.safeParse(saved).data;
}

/**
 * A run from the beginning.
 * @throws AppError `store_failed`
 */
export async function freshProgress(
  { ledger, now }: Pick<SyncContext, 'ledger' | 'now'>,
  shop: string,
  requested: unknown,
): Promise<FullSyncProgress> {
  const [{ pendingVersion }, plans, { lastApply }] = await Promise.all([
    ledger.states.get(shop),
    ledger.plans.all(shop),
    ledger.fullSyncReports.latest(shop),
  ]);
  return {
    kind: 'full',
    ...requestedSchema.catch({ mode: 'apply' }).parse(requested),
    state: 'starting',
    started_at: now().toISOString(),
    reader: 'bulk',
    listings: 0,
    operations: 0,
    reached_at: '',
    ...nothingRead,
    removed: 0,
    extra_here: 0,
    requests: 0,
    write_units: 0,
    is_first: lastApply === undefined,
    pending_version: pendingVersion,
    plans: Object.fromEntries(plans.map((plan) => [plan.gid, targetOf(plan)])),
  };
}

interface End {
  /** Why not everybody is accounted for. */
  readonly problem: string | undefined;
  readonly unconfirmed: number;
  /** The last report of the same mode. */
  readonly before: FullSyncReport | undefined;
  readonly now: Date;
}

/** What a run ends with. */
export function toReport(progress: FullSyncProgress, end: End): FullSyncReport {
  const { mode, error_code, written, differing, started_at, snapshot_at } = progress;
  const { problem, unconfirmed, before, now } = end;
  return {
    mode,
    reader: progress.reader,
    complete: problem === undefined,
    ...(problem !== undefined && { problem }),
    ...(error_code !== undefined && { error_code }),
    listed: progress.listed,
    ...(mode === 'apply' ? { written } : { differing }),
    unchanged: progress.unchanged,
    already_newer: progress.already_newer,
    tombstoned: progress.tombstoned,
    duplicate: progress.duplicate,
    failed: progress.failed,
    unreadable: progress.unreadable,
    undecided: progress.undecided,
    removed: progress.removed,
    extra_here: progress.extra_here,
    differences: progress.differences,
    unconfirmed_removals: unconfirmed,
    listings: progress.listings,
    incomplete_runs: problem === undefined ? 0 : (before?.incomplete_runs ?? 0) + 1,
    requests: progress.requests,
    write_units: progress.write_units,
    snapshot_at: snapshot_at === '' ? started_at : snapshot_at,
    started_at,
    finished_at: now.toISOString(),
    duration_ms: now.getTime() - Date.parse(started_at),
  };
}
