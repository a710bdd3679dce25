import { z } from 'zod';
import { customerGid } from '../customers/customer-gid.ts';
import { readSnapshot, type Snapshot } from '../customers/snapshot.ts';
import type { JobClaim } from '../ledger/jobs.ts';
import { readCustomersPage } from '../shopify/admin/customers-page.ts';
import { createListCursor } from '../shopify/admin/list-cursor.ts';
import { customerIdsByChange, customersByChange } from '../shopify/admin/queries.ts';
import { holdJob, type HeldJob } from './jobs/held-job.ts';
import { refreshUntilSettled } from './refresh/refresh-until-settled.ts';
import { readSnapshots } from './refresh/read-snapshots.ts';
import { retryPending } from './refresh/retry-pending.ts';
import type { RefreshContext } from './refresh/refresh.ts';
import { isSettled, recordAsPending } from './refresh/settled.ts';
import { readShopEntitlements } from './shop-entitlements.ts';
import { countPeople } from './status/count-people.ts';
import type { SyncContext } from './sync-context.ts';

export type ReconcileContext = RefreshContext & Pick<SyncContext, 'log'>;

const PAGE = 50;
/** Two reconciles overlap by so much: a change may become visible a little after its time. */
const OVERLAP_MS = 5 * 60_000;
/** The installation's time is by our clock, which may be ahead of Shopify's. */
const INSTALL_OVERLAP_MS = 3_600_000;
/** Shopify ends paging at 25,000 objects; more changes than that need a full sync. */
const MAX_CHANGES = 25_000;
const COUNTED_MS = 3_600_000;

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
  /** Those who are recorded as pending. */
  readonly pending: ReadonlySet<string>;
}

/** A page of the list, its nodes with what of them is spoilt. */
interface Page {
  readonly nodes: readonly unknown[];
  readonly changed: readonly Snapshot[];
  /** What the shop has withheld before. */
  readonly withheld: readonly string[];
}

/** The customers of a page whose users are not what Shopify says. */
async function findDiffering(
  context: ReconcileContext,
  shop: string,
  { nodes, changed, withheld }: Page,
): Promise<string[]> {
  const users = context.usersOf(shop);
  // Of the others only whether the shop tells again what it has withheld is of interest.
  const ids = new Set(changed.map(({ customer }) => customer.id));
  const listed = new Map(
    [...nodes].flatMap((node) => {
      const snapshot = readSnapshot(node);
      return typeof snapshot === 'string' ? [] : [[snapshot.customer.id, node] as const];
    }),
  );
  if (ids.size === 0 && withheld.length === 0) return [];
  const entitlementsOf = await readShopEntitlements(context, shop);
  const storedItems = await users.getItems([...ids]);
  const snapshots = await readSnapshots(context, shop, listed, storedItems, { before: withheld });
  return [...ids].filter((id) => {
    const snapshot = snapshots.get(id);
    if (snapshot === undefined || typeof snapshot === 'string') return false;
    return users.differences(snapshot, entitlementsOf(snapshot), storedItems.get(id)).length > 0;
  });
}

const listedNode = z.object({ id: customerGid, updatedAt: z.string().catch('') });

/** Those of a page of whom there is no snapshot and who have changed since an instant, as far as that can be told. */
const findUnreadable = (nodes: readonly unknown[], until: string): string[] =>
  nodes
    .filter((node) => typeof readSnapshot(node) === 'string')
    .map((node) => listedNode.safeParse(node).data)
    .filter((node) => node !== undefined)
    // A time that cannot be read is none that is known to be old.
    .filter(({ updatedAt }) => !(Date.parse(updatedAt) <= Date.parse(until)))
    .map(({ id }) => id);

/** Brings a page's customers to an end; resolves to how many were repaired and whose refresh is pending now. */
async function settlePage(
  context: ReconcileContext,
  shop: string,
  page: Page,
  unreadable: readonly string[],
  signal: AbortSignal,
): Promise<{ repaired: number; pending: readonly string[] }> {
  const ids = await findDiffering(context, shop, page);
  const options = { priority: 'background', signal, limitWrites: true } as const;
  const results =
    ids.length === 0 ? new Map<string, never>() : await refreshUntilSettled(context, shop, ids, options);
  // One who is listed and cannot be found may be there in a moment.
  const missing = ids.filter((id) => results.get(id) === 'gone');
  await recordAsPending(context, shop, [...missing, ...unreadable]);
  const unsettled = ids.filter((id) => !isSettled(results.get(id)));
  const repaired = ids.filter((id) => results.get(id) === 'written').length;
  return { repaired, pending: [...unsettled, ...missing, ...unreadable] };
}

/** Looks at customers, newest change first, until it is back at an instant. */
async function walk(
  context: ReconcileContext,
  shop: string,
  until: string,
  job: HeldJob<Progress>,
): Promise<Found> {
  const { signal } = job;
  const pending = new Set<string>();
  const { withheld } = await context.ledger.states.get(shop);
  const nextCursor = createListCursor('customers');
  let after: string | null = null;
  let newest: string | undefined;
  let [changes, repaired] = [0, 0];
  do {
    const variables: { first: number; after: string | null } = { first: PAGE, after };
    const options = { priority: 'background', signal } as const;
    const documents = { whole: customersByChange, ids: customerIdsByChange };
    const { nodes, pageInfo } = await readCustomersPage(context.admin, shop, documents, variables, options);
    const page = nodes.map(readSnapshot).filter((snapshot) => typeof snapshot !== 'string');
    const changed = page.filter(({ customer }) => (customer.updatedAt ?? '') > until);
    newest ??= changed[0]?.customer.updatedAt;
    changes += changed.length;
    await job.save({ done: changes });
    const unreadable = findUnreadable(nodes, until);
    const settled = await settlePage(context, shop, { nodes, changed, withheld }, unreadable, signal);
    repaired += settled.repaired;
    for (const id of settled.pending) pending.add(id);
    // Only what can be read tells where the changes end.
    if (changed.length < page.length) return { changes, repaired, complete: true, newest, pending };
    after = nextCursor(pageInfo) ?? null;
  } while (after !== null && changes < MAX_CHANGES);
  return { changes, repaired, complete: after === null, newest, pending };
}

/**
 * Until when a reconcile has to go back. Everything that Shopify did before a watermark was compared; before the first one
 * it is what happened since the installation, for everything earlier is the first full sync's.
 */
async function readUntil({ ledger, now }: ReconcileContext, shop: string, watermark: string | undefined) {
  if (watermark !== undefined) return new Date(Date.parse(watermark) - OVERLAP_MS).toISOString();
  const { installed_at } = await ledger.installs.get(shop);
  const installed = installed_at === undefined ? now() : new Date(installed_at);
  return new Date(installed.getTime() - INSTALL_OVERLAP_MS).toISOString();
}

async function reconcile(context: ReconcileContext, shop: string, job: HeldJob<Progress>): Promise<void> {
  const { metrics, log, now } = context;
  const { states, jobs } = context.ledger;
  const { watermark, counts } = await states.get(shop);
  const until = await readUntil(context, shop, watermark);
  const { changes, repaired, complete, newest, pending } = await walk(context, shop, until, job);
  // Too many changes to look at them one by one: whatever is older needs a full sync.
  if (!complete) await jobs.request(shop, 'full', 'full', { mode: 'apply' });
  metrics.repaired.inc(repaired);
  const at = now().toISOString();
  await states.recordReconciled(shop, { at, changes, repaired, watermark: newest ?? watermark });
  // Whether a tag or a metafield moves a customer's time is unknown, so they need not be among the changes.
  const retried = await retryPending(context, shop, pending, job.signal);
  metrics.repaired.inc(retried);
  log.info({ shop, changes, repaired, complete, pending: pending.size, retried }, 'reconciled');
  const isCounted = now().getTime() - Date.parse(counts?.counted_at ?? '') < COUNTED_MS;
  if (changes + repaired + retried > 0 && !isCounted) await countPeople(context, shop);
}

/**
 * Finds and repairs what webhooks have lost: looks at the customers of a shop, newest change first, until it is safely
 * back where the last reconcile began, and at those whose refresh is pending. Its cost follows their number. Whoever
 * cannot be brought to an end is recorded as pending before the watermark moves (docs/crash-safety.md).
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
