import { resolveEntitlements, type TagRules } from '../customers/entitlements.ts';
import { readSnapshot, type Snapshot } from '../customers/snapshot.ts';
import type { Installs } from '../ledger/installs.ts';
import type { Jobs } from '../ledger/jobs.ts';
import { currentPlans, type Plans } from '../ledger/plans.ts';
import type { SyncStates } from '../ledger/sync-state.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Admin } from '../shopify/admin/admin.ts';
import { customersByChange } from '../shopify/admin/queries.ts';
import type { Users } from '../users/store.ts';
import { holdJob, type HeldJob } from './jobs/held-job.ts';
import type { WriteLimiter } from '../users/write-limiter.ts';
import type { RetryPending } from './refresh/retry-pending.ts';
import type { Refresh } from './refresh/refresh.ts';

/**
 * Finds and repairs what webhooks have lost: looks at the customers of a shop, newest change first, until it is safely back
 * where the last look began, and at those of whom it is noted that a snapshot is missing. Its cost follows their number.
 */
export interface Reconcile {
  /**
   * Resolves when it has begun: undefined if another process is at it. `done` rejects with AppError
   * `admin_api_unavailable`, `reauthorization_needed` or `store_failed`.
   */
  begin(shop: string, stop: AbortSignal): Promise<{ readonly done: Promise<void> } | undefined>;
}

export interface ReconcileDeps {
  readonly admin: Admin;
  readonly usersOf: (shop: string) => Users;
  readonly refresh: Refresh;
  readonly retryPending: RetryPending;
  readonly plans: Plans;
  readonly installs: Installs;
  readonly states: SyncStates;
  readonly jobs: Jobs;
  readonly rules: TagRules;
  readonly writeLimiter: WriteLimiter;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

const PAGE = 50;
/** Two looks overlap by so much: a change may become visible a little after its time. */
const OVERLAP_MS = 5 * 60_000;
/** Shopify ends paging at 25,000 objects; whatever changed more is for an import. */
const MOST = 25_000;

/** As shown-job.ts reads it. */
interface Progress {
  readonly kind: 'reconcile';
  readonly done: number;
  readonly total: null;
  readonly started_at: string;
}

interface Found {
  readonly changes: number;
  readonly repaired: number;
  /** Everything up to here was compared; undefined: paging ended before. */
  readonly complete: boolean;
  readonly newest: string | undefined;
}

export function createReconcile(deps: ReconcileDeps): Reconcile {
  const {
    admin,
    usersOf,
    refresh,
    retryPending,
    plans,
    installs,
    states,
    jobs,
    rules,
    writeLimiter,
    metrics,
    log,
    now,
  } = deps;

  /** The customers of a page whose users are not what Shopify says. */
  async function differing(shop: string, snapshots: readonly Snapshot[]): Promise<string[]> {
    const users = usersOf(shop);
    const known = currentPlans(await plans.all(shop));
    const storedItems = await users.getItems(snapshots.map(({ customer }) => customer.id));
    return snapshots
      .filter((snapshot) => {
        const stored = storedItems.get(snapshot.customer.id);
        return users.differences(snapshot, resolveEntitlements(snapshot, known, rules), stored).length > 0;
      })
      .map(({ customer }) => customer.id);
  }

  async function walk(shop: string, until: string, job: HeldJob<Progress>): Promise<Found> {
    const { signal } = job;
    let after: string | null = null;
    let newest: string | undefined;
    let [changes, repaired] = [0, 0];
    do {
      const variables: { first: number; after: string | null } = { first: PAGE, after };
      const { customers } = await admin.query(shop, customersByChange, variables, {
        priority: 'background',
        signal,
      });
      const page = customers.nodes.map(readSnapshot).filter((snapshot) => snapshot !== 'unreadable');
      const changed = page.filter(({ customer }) => (customer.updatedAt ?? '') > until);
      newest ??= changed[0]?.customer.updatedAt;
      changes += changed.length;
      await job.save({ done: changes });
      const ids = await differing(shop, changed);
      if (ids.length > 0) {
        const results = await refresh(shop, ids, { priority: 'background', signal, writeLimiter });
        repaired += [...results.values()].filter((result) => result === 'written').length;
      }
      // Only what can be read tells where the changes end.
      if (changed.length < page.length) return { changes, repaired, complete: true, newest };
      after = customers.pageInfo.hasNextPage ? (customers.pageInfo.endCursor ?? null) : null;
    } while (after !== null && changes < MOST);
    return { changes, repaired, complete: after === null, newest };
  }

  async function run(shop: string, job: HeldJob<Progress>): Promise<void> {
    const state = await states.get(shop);
    const { installed_at } = await installs.get(shop);
    const watermark = state.watermark ?? installed_at ?? now().toISOString();
    const until = new Date(Date.parse(watermark) - OVERLAP_MS).toISOString();
    const { changes, repaired, complete, newest } = await walk(shop, until, job);
    const at = now().toISOString();
    // Too many changes to look at them one by one: whatever is older is for an import.
    if (!complete) await installs.record(shop, { kind: 'import_wanted', at });
    metrics.repaired.inc(repaired);
    await states.recordReconciled(shop, { at, changes, repaired, watermark: newest ?? watermark });
    log.info({ shop, changes, repaired, complete }, 'reconciled');
    // Whether a tag or a metafield moves a customer's time is unknown, so they need not be among the changes.
    metrics.repaired.inc(await retryPending(shop, job.signal));
  }

  async function runToEnd(shop: string, job: HeldJob<Progress>): Promise<void> {
    try {
      await run(shop, job);
    } finally {
      await job.end();
    }
  }

  return {
    async begin(shop, stop) {
      const claim = await jobs.claim(shop, 'reconcile');
      if (claim === undefined) return undefined;
      const started_at = now().toISOString();
      const job = holdJob<Progress>(claim, { kind: 'reconcile', done: 0, total: null, started_at }, stop);
      return { done: runToEnd(shop, job) };
    },
  };
}
