import type { Config } from '../config/config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createBackfill, type Backfill } from './full/full-sync.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createCompare, type Compare } from './full/check.ts';
import { createCountPeople } from './status/count-people.ts';
import { createVerifyCandidates } from './full/differences.ts';
import { createFanOut } from './plans/fan-out.ts';
import { createSetRoles, type SetRoles } from './roles/set-roles.ts';
import { createCopyMissingMetafields } from './roles/copy-missing-metafields.ts';
import { createImportCustomers } from './full/apply-customers.ts';
import { createTransferOnMerge } from './roles/transfer-on-merge.ts';
import { recordLastChange } from './refresh/record-last-change.ts';
import { createRecordPending } from './refresh/record-pending.ts';
import { createBulkFinished, type BulkFinished } from './full/bulk-finished.ts';
import { createReadSources, type ReadSources } from './roles/role-sources.ts';
import { createWriteLimiter } from '../users/write-limiter.ts';
import { createReadPlans } from './plans/read-plans.ts';
import { createReconcile, type Reconcile } from './reconcile.ts';
import { createRetryPending } from './refresh/retry-pending.ts';
import { createRefreshQueue, type RefreshQueue } from './refresh/refresh-queue.ts';
import { createRefresh } from './refresh/refresh.ts';
import { createReadSyncStatus, type ReadSyncStatus } from './status/sync-status.ts';
import { countList } from '../users/lists/count.ts';
import type { ListingDeps } from '../users/lists/list-page.ts';
import { createMembers } from '../users/members.ts';
import { createTombstones } from '../users/tombstones.ts';
import type { Users } from '../users/store.ts';
import type { ShopifyParts } from '../shopify/create-shopify.ts';

/** What brings customers into the users table, and tells how far it is. */
export interface SyncParts {
  readonly bulkFinished: BulkFinished;
  readonly refreshQueue: RefreshQueue;
  readonly setRoles: SetRoles;
  readonly readSources: ReadSources;
  readonly readSyncStatus: ReadSyncStatus;
  readonly reconcile: Reconcile;
  readonly backfill: Backfill;
  readonly compare: Compare;
  readonly scheduler: Scheduler;
}

interface Deps extends Ledger, ShopifyParts {
  readonly contextOf: (shop: string) => ListingDeps;
  readonly usersOf: (shop: string) => Users;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

export function createSync(config: Config, deps: Deps): SyncParts {
  const { contextOf } = deps;
  const rules = config.tagRules;
  const bulkFinished = createBulkFinished();
  const writeLimiter = createWriteLimiter(config.syncWriteUnitsPerSecond);
  const refresh = createRefresh({ ...deps, rules });
  const refreshQueue = createRefreshQueue({
    ...deps,
    refresh: recordLastChange(refresh, deps),
    recordPending: createRecordPending(deps),
  });
  const transferOnMerge = createTransferOnMerge({
    ...deps,
    refresh,
    copyMissingMetafields: createCopyMissingMetafields({ ...deps, rules }),
    tombstonesOf: (shop) => createTombstones(contextOf(shop)),
  });
  const importCustomers = createImportCustomers({ ...deps, rules, refresh, writeLimiter });
  const backfill = createBackfill({ ...deps, bulkFinished, importCustomers });
  const verifyCandidates = createVerifyCandidates({ ...deps, refresh, rules, writeLimiter });
  const compare = createCompare({ ...deps, bulkFinished, rules, verifyCandidates });
  const reconcile = createReconcile({
    ...deps,
    refresh,
    retryPending: createRetryPending({ ...deps, refresh, writeLimiter }),
    rules,
    writeLimiter,
  });
  const scheduler = createScheduler({
    ...deps,
    readPlans: createReadPlans(deps),
    fanOut: createFanOut({ ...deps, writeLimiter, membersOf: (shop) => createMembers(contextOf(shop)) }),
    transferOnMerge,
    backfill,
    compare,
    reconcile,
    countPeople: createCountPeople({ ...deps, countOf: (shop, query) => countList(contextOf(shop), query) }),
    reconcileMinutes: config.reconcileMinutes,
    onlyShop: config.onlyShop,
  });
  return {
    bulkFinished,
    refreshQueue,
    setRoles: createSetRoles({ ...deps, refresh }),
    readSources: createReadSources({ ...deps, rules }),
    readSyncStatus: createReadSyncStatus(deps),
    reconcile,
    backfill,
    compare,
    scheduler,
  };
}
