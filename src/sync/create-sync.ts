import type { Config } from '../config/config.ts';
import type { JobClaim } from '../ledger/jobs.ts';
import type { BulkOperations } from '../shopify/admin/bulk-operations.ts';
import { createApplyCustomers } from './full/apply-customers.ts';
import { createBulkFinished, type BulkFinished } from './full/bulk-finished.ts';
import { createCheckCustomers } from './full/check-customers.ts';
import { runFullSync } from './full/full-sync.ts';
import { alarmOfRemovals } from './full/removals-alarm.ts';
import type { Flow } from './jobs/flow.ts';
import { requestNow } from './jobs/request-now.ts';
import { createResumeStalled, type ResumeStalled } from './jobs/resume-stalled.ts';
import { runFanOut } from './plans/fan-out.ts';
import { readPlans } from './plans/read-plans.ts';
import { runReconcile } from './reconcile.ts';
import { createRefreshQueue, type RefreshQueue } from './refresh/refresh-queue.ts';
import { transferOpenMerges } from './roles/transfer-on-merge.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { countSyncCheck } from './status/read-sync-facts.ts';
import type { SyncContext } from './sync-context.ts';

/** What of the sync has a state of its own in this process. */
export interface SyncParts {
  readonly bulkFinished: BulkFinished;
  readonly refreshQueue: RefreshQueue;
  readonly resumeStalled: ResumeStalled;
  readonly scheduler: Scheduler;
}

interface SyncOptions {
  /** For what a request waits for. */
  readonly requests: Pick<SyncContext, 'ledger'>;
  readonly bulk: BulkOperations;
  /** Customers of one listing by pages; see listPages. */
  readonly listing: number | undefined;
}

const MINUTE_MS = 60_000;
/** Deployments without metaobject webhooks learn of changed plans by this. */
const PLANS_MINUTES = 5;
/** So soon a second list shows whether a plan that one lacks is gone. */
const MISSING_PLANS_MINUTES = 1;
const MERGES_MINUTES = 5;

export function createSync(
  {
    reconcileMinutes,
    bulkStallMinutes,
    onlyShop,
  }: Pick<Config, 'reconcileMinutes' | 'bulkStallMinutes' | 'onlyShop'>,
  context: SyncContext,
  { requests, bulk, listing }: SyncOptions,
): SyncParts {
  const { now } = context;
  const bulkFinished = createBulkFinished(context);
  const applyCustomers = createApplyCustomers(context);
  const checkCustomers = createCheckCustomers(context);
  const ways = { applyCustomers, checkCustomers };
  const full = { ...context, ...ways, bulk, bulkFinished, bulkStallMinutes, listing };
  // Up to a tenth later, so that shops that began together do not stay together.
  const inMinutes = (minutes: number) =>
    new Date(now().getTime() + minutes * MINUTE_MS * (1 + Math.random() / 10));

  const wake = (shop: string, name: string): Promise<void> => scheduler.wake(shop, name);
  const waking = { ...context, scheduler: { wake } };

  const flows = new Map<string, Flow>([
    ['full', { queue: 'full', run: (shop, claim, stop) => runFullSync(full, shop, claim, stop) }],
    ['removals', { queue: 'short', run: (shop) => alarmOfRemovals(context, shop) }],
    [
      'reconcile',
      {
        queue: 'short',
        async run(shop, claim, stop) {
          await runReconcile(context, shop, claim, stop);
          await countSyncCheck(context, shop, reconcileMinutes);
          return inMinutes(reconcileMinutes);
        },
      },
    ],
    [
      'plans',
      {
        queue: 'short',
        async run(shop, _claim, stop) {
          const { fanOuts, isMissing } = await readPlans(context, shop, stop);
          for (const gid of fanOuts) await requestNow(waking, shop, `fan_out#${gid}`);
          return inMinutes(isMissing ? MISSING_PLANS_MINUTES : PLANS_MINUTES);
        },
      },
    ],
    [
      'fan_out',
      {
        queue: 'short',
        run: (shop, claim, stop, name) => runFanOut(waking, shop, name.slice('fan_out#'.length), claim, stop),
      },
    ],
    [
      'merges',
      {
        queue: 'short',
        async run(shop, _claim: JobClaim, stop) {
          const isDone = await transferOpenMerges(context, shop, stop);
          return isDone ? undefined : inMinutes(MERGES_MINUTES);
        },
      },
    ],
  ]);
  const scheduler = createScheduler(context, flows, { onlyShop });
  return {
    bulkFinished,
    refreshQueue: createRefreshQueue(context, { requests }),
    resumeStalled: createResumeStalled(context),
    scheduler,
  };
}
