import { readSnapshot, type Snapshot } from '../customers/snapshot.ts';
import type { JobClaim } from '../ledger/jobs.ts';
import { customersByChange } from '../shopify/admin/queries.ts';
import { holdJob, type HeldJob } from './jobs/held-job.ts';
import { retryPending } from './refresh/retry-pending.ts';
import { refresh, type RefreshContext } from './refresh/refresh.ts';
import { readShopEntitlements } from './shop-entitlements.ts';
import type { SyncContext } from './sync-context.ts';

export type ReconcileContext = RefreshContext & Pick<SyncContext, 'log'>;

const PAGE = 50;
/** Two reconciles overlap by so much: a change may become visible a little after its time. */
const OVERLAP_MS = 5 * 60_000;
/** Shopify ends paging at 25,000 objects; more changes than that need a full sync. */
const MAX_CHANGES = 25_000;

/** As job-status.ts reads it. */
interface Progress {
  readonly kind: 'reconcile';
  readonly done: number;
  readonly total: null;
  readonly started_at: string;
}

interface Found {
  readonly changes: number;
  readonly repaired: number;
  /** Whether everything back to the watermark was compared; false: paging ended before. */
  readonly complete: boolean;
  readonly newest: string | undefined;
}

/** The customers of a page whose users are not what Shopify says. */
async function findDiffering(
  context: ReconcileContext,
  shop: string,
  snapshots: readonly Snapshot[],
): Promise<string[]> {
  const users = context.usersOf(shop);
  const entitlementsOf = await readShopEntitlements(context, shop);
  const storedItems = await users.getItems(snapshots.map(({ customer }) => customer.id));
  return snapshots
    .filter((snapshot) => {
      const stored = storedItems.get(snapshot.customer.id);
      return users.differences(snapshot, entitlementsOf(snapshot), stored).length > 0;
    })
    .map(({ customer }) => customer.id);
}

/** Looks at customers, newest change first, until it is back at an instant. */
async function walk(
  context: ReconcileContext,
  shop: string,
  until: string,
  job: HeldJob<Progress>,
): Promise<Found> {
  const { signal } = job;
  let after: string | null = null;
  let newest: string | undefined;
  let [changes, repaired] = [0, 0];
  do {
    const variables: { first: number; after: string | null } = { first: PAGE, after };
    const { customers } = await context.admin.query(shop, customersByChange, variables, {
      priority: 'background',
      signal,
    });
    const page = customers.nodes.map(readSnapshot).filter((snapshot) => snapshot !== 'unreadable');
    const changed = page.filter(({ customer }) => (customer.updatedAt ?? '') > until);
    newest ??= changed[0]?.customer.updatedAt;
    changes += changed.length;
    await job.save({ done: changes });
    const ids = await findDiffering(context, shop, changed);
    if (ids.length > 0) {
      const options = { priority: 'background', signal, limitWrites: true } as const;
      const results = await refresh(context, shop, ids, options);
      repaired += [...results.values()].filter((result) => result === 'written').length;
    }
    // Only what can be read tells where the changes end.
    if (changed.length < page.length) return { changes, repaired, complete: true, newest };
    after = customers.pageInfo.hasNextPage ? (customers.pageInfo.endCursor ?? null) : null;
  } while (after !== null && changes < MAX_CHANGES);
  return { changes, repaired, complete: after === null, newest };
}

async function reconcile(context: ReconcileContext, shop: string, job: HeldJob<Progress>): Promise<void> {
  const { metrics, log, now } = context;
  const { states, installs } = context.ledger;
  const state = await states.get(shop);
  const { installed_at } = await installs.get(shop);
  const watermark = state.watermark ?? installed_at ?? now().toISOString();
  const until = new Date(Date.parse(watermark) - OVERLAP_MS).toISOString();
  const { changes, repaired, complete, newest } = await walk(context, shop, until, job);
  const at = now().toISOString();
  // Too many changes to look at them one by one: whatever is older needs a full sync.
  if (!complete) await context.ledger.jobs.request(shop, 'full', 'full');
  metrics.repaired.inc(repaired);
  await states.recordReconciled(shop, { at, changes, repaired, watermark: newest ?? watermark });
  log.info({ shop, changes, repaired, complete }, 'reconciled');
  // Whether a tag or a metafield moves a customer's time is unknown, so they need not be among the changes.
  metrics.repaired.inc(await retryPending(context, shop, job.signal));
}

/**
 * Finds and repairs what webhooks have lost: looks at the customers of a shop, newest change first, until it is safely
 * back where the last reconcile began, and at those whose refresh is pending. Its cost follows their number.
 * @throws AppError `admin_api_unavailable`, `admin_api_refused`, `reauthorization_needed`, `store_failed`
 */
export async function runReconcile(
  context: ReconcileContext,
  shop: string,
  claim: JobClaim,
  stop: AbortSignal,
): Promise<void> {
  const started_at = context.now().toISOString();
  const first: Progress = { kind: 'reconcile', done: 0, total: null, started_at };
  await holdJob(claim, first, stop, (job) => reconcile(context, shop, job));
}
