import type { Config } from '../config/config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createComply } from '../webhooks/handle-privacy-request.ts';
import { createBackfill, type Backfill } from './full/full-sync.ts';
import { createBackground, type Background } from './scheduler.ts';
import { createCompare, type Compare } from './full/check.ts';
import { createCountPeople } from './status/count-people.ts';
import { createJudgeCustomers } from './full/differences.ts';
import { createFanOut } from './plans/fan-out.ts';
import { createSetFlags, type SetFlags } from './roles/set-roles.ts';
import { createGiveFlags } from './roles/copy-missing-metafields.ts';
import { createImportCustomers } from './full/apply-customers.ts';
import { createLifecycle } from '../webhooks/app-lifecycle.ts';
import { createMoveFlags } from './roles/transfer-on-merge.ts';
import { notingChanges } from './refresh/record-last-change.ts';
import { createNoteMissing } from './refresh/record-pending.ts';
import { createNudges } from './full/bulk-finished.ts';
import { createReadOrigins, type ReadOrigins } from './roles/role-sources.ts';
import { createPace } from '../users/write-limiter.ts';
import { createReadPlans } from './plans/read-plans.ts';
import { createReceive, createRetry, type Receive, type Retry } from '../webhooks/receive.ts';
import { createReconcile, type Reconcile } from './reconcile.ts';
import { createRefreshNoted } from './refresh/retry-pending.ts';
import { createRefreshQueue, type RefreshQueue } from './refresh/refresh-queue.ts';
import { createRefresh } from './refresh/refresh.ts';
import { createReadState, type ReadState } from './status/sync-status.ts';
import { countList } from '../users/lists/count.ts';
import type { ListingDeps } from '../users/lists/list-page.ts';
import { createMembers } from '../users/members.ts';
import { createMerged } from '../users/tombstones.ts';
import type { Users } from '../users/store.ts';
import type { ShopifyParts } from '../shopify/create-shopify.ts';

/** What brings customers into the users table, and tells how far it is. */
export interface SyncParts {
  readonly receive: Receive;
  readonly retry: Retry;
  readonly refreshQueue: RefreshQueue;
  readonly setFlags: SetFlags;
  readonly readOrigins: ReadOrigins;
  readonly readState: ReadState;
  readonly reconcile: Reconcile;
  readonly backfill: Backfill;
  readonly compare: Compare;
  readonly background: Background;
}

interface Deps extends Ledger, ShopifyParts {
  readonly contextOf: (shop: string) => ListingDeps;
  readonly usersOf: (shop: string) => Users;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

export function wireSync(config: Config, deps: Deps): SyncParts {
  const { contextOf, usersOf, receipts, deadLetters, now } = deps;
  const rules = config.tagRules;
  const nudges = createNudges();
  const pace = createPace(config.syncWriteUnitsPerSecond);
  const refresh = createRefresh({ ...deps, rules });
  const refreshQueue = createRefreshQueue({
    ...deps,
    refresh: notingChanges(refresh, deps),
    noteMissing: createNoteMissing(deps),
  });
  const moveFlags = createMoveFlags({
    ...deps,
    refresh,
    giveFlags: createGiveFlags({ ...deps, rules }),
    mergedOf: (shop) => createMerged(contextOf(shop)),
  });
  const importCustomers = createImportCustomers({ ...deps, rules, refresh, pace });
  const backfill = createBackfill({ ...deps, nudges, importCustomers });
  const judge = createJudgeCustomers({ ...deps, refresh, rules, pace });
  const compare = createCompare({ ...deps, nudges, rules, judge });
  const reconcile = createReconcile({
    ...deps,
    refresh,
    refreshNoted: createRefreshNoted({ ...deps, refresh, pace }),
    rules,
    pace,
  });
  const background = createBackground({
    ...deps,
    readPlans: createReadPlans(deps),
    fanOut: createFanOut({ ...deps, pace, membersOf: (shop) => createMembers(contextOf(shop)) }),
    moveFlags,
    backfill,
    compare,
    reconcile,
    countPeople: createCountPeople({ ...deps, countOf: (shop, query) => countList(contextOf(shop), query) }),
    reconcileMinutes: config.reconcileMinutes,
    onlyShop: config.onlyShop,
  });
  const receive = createReceive({
    ...deps,
    onlyShop: config.onlyShop,
    lifecycle: createLifecycle(deps),
    refreshQueue,
    background,
    comply: createComply({ receipts, usersOf, now }),
    nudges,
  });
  return {
    receive,
    retry: createRetry(receive, deadLetters),
    refreshQueue,
    setFlags: createSetFlags({ ...deps, refresh }),
    readOrigins: createReadOrigins({ ...deps, rules }),
    readState: createReadState(deps),
    reconcile,
    backfill,
    compare,
    background,
  };
}
