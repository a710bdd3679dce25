import type { Config } from '../config/config.ts';
import type { BulkOperations } from '../shopify/admin/bulk-operations.ts';
import type { Tokens } from '../shopify/auth/tokens.ts';
import { createImportCustomers } from './full/apply-customers.ts';
import { createBulkFinished, type BulkFinished } from './full/bulk-finished.ts';
import { createCompare, type Compare } from './full/check.ts';
import { createVerifyCandidates } from './full/differences.ts';
import { createBackfill, type Backfill } from './full/full-sync.ts';
import { fanOut } from './plans/fan-out.ts';
import { readPlans } from './plans/read-plans.ts';
import { beginReconcile } from './reconcile.ts';
import { createRefreshQueue, type RefreshQueue } from './refresh/refresh-queue.ts';
import { transferOnMerge, transferOpenMerges } from './roles/transfer-on-merge.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { countPeople } from './status/count-people.ts';
import type { SyncContext } from './sync-context.ts';

/** What of the sync has a state of its own in this process. */
export interface SyncParts {
  readonly bulkFinished: BulkFinished;
  readonly refreshQueue: RefreshQueue;
  readonly backfill: Backfill;
  readonly compare: Compare;
  readonly scheduler: Scheduler;
}

interface Shopify {
  readonly bulk: BulkOperations;
  readonly tokens: Tokens;
}

export function createSync(
  { reconcileMinutes, onlyShop }: Pick<Config, 'reconcileMinutes' | 'onlyShop'>,
  context: SyncContext,
  { bulk, tokens }: Shopify,
  { listing }: { readonly listing?: number | undefined },
): SyncParts {
  const bulkFinished = createBulkFinished();
  const importCustomers = createImportCustomers(context);
  const backfill = createBackfill({ ...context, bulk, bulkFinished, importCustomers, listing });
  const verifyCandidates = createVerifyCandidates(context);
  const compare = createCompare({ ...context, bulk, bulkFinished, verifyCandidates, listing });
  const work = {
    readPlans: (shop: string, stop: AbortSignal) => readPlans(context, shop, stop),
    fanOut: (shop: string, stop: AbortSignal) => fanOut(context, shop, stop),
    transferOnMerge: transferOnMerge.bind(undefined, context),
    transferOpenMerges: (shop: string, stop: AbortSignal) => transferOpenMerges(context, shop, stop),
    reconcile: (shop: string, stop: AbortSignal) => beginReconcile(context, shop, stop),
    countPeople: (shop: string) => countPeople(context, shop),
    backfill,
    compare,
  };
  return {
    bulkFinished,
    refreshQueue: createRefreshQueue(context),
    backfill,
    compare,
    scheduler: createScheduler(context, work, { onlyShop, reconcileMinutes, tokens }),
  };
}
