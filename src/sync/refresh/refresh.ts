import pLimit from 'p-limit';
import { toCustomerGid } from '../../customers/customer-gid.ts';
import type { Entitlements } from '../../customers/entitlements.ts';
import type { NoSnapshot, Snapshot } from '../../customers/snapshot.ts';
import { spoiltAt, withSpoilt } from '../../customers/spoilt.ts';
import { customerSnapshots } from '../../shopify/admin/queries.ts';
import { isStillCurrent } from '../../users/snapshot-commands.ts';
import type { Applied } from '../../users/store.ts';
import type { StoredItem } from '../../users/stored-state.ts';
import { estimateWriteUnits } from '../../users/write-limiter.ts';
import { readShopEntitlements } from '../shop-entitlements.ts';
import type { SyncContext } from '../sync-context.ts';
import { codesOf, readMembershipIssues } from './membership-issues.ts';
import { readSnapshots } from './read-snapshots.ts';

/** What became of a customer whose snapshot was asked for. */
export type Refreshed = Applied | NoSnapshot;

export type RefreshContext = Pick<
  SyncContext,
  'admin' | 'usersOf' | 'ledger' | 'rules' | 'writeLimiter' | 'metrics' | 'now' | 'sleep'
>;

export interface RefreshOptions {
  readonly priority: 'interactive' | 'background';
  readonly signal?: AbortSignal;
  /** Whether the writes keep to the write limiter; else they are what webhooks or a person wait for. */
  readonly limitWrites?: boolean;
  /** Called for each customer whose stored time is ahead of the snapshot's, with that. */
  readonly onOutdated?: (shopifyId: string, updatedAt: string) => void;
  /** Whose snapshot is applied in spite of that, as long as it has the time that is named here. */
  readonly force?: ReadonlyMap<string, string>;
}

const CONCURRENCY = 8;
/** As often a snapshot is put over older webhooks that come in between, before Shopify is asked again. */
const LOCAL_ATTEMPTS = 3;

/**
 * Fetches the snapshots of at most 50 customers at once and writes what differs. Resolves to what became of each.
 * @throws AppError `admin_api_unavailable`, `reauthorization_needed`, `store_failed`
 */
export async function refresh(
  context: RefreshContext,
  shop: string,
  shopifyIds: readonly string[],
  options: RefreshOptions,
): Promise<ReadonlyMap<string, Refreshed>> {
  const { admin, usersOf, metrics, writeLimiter } = context;
  const users = usersOf(shop);
  // The items first, then Shopify: whatever is written in between moves the revision and makes the snapshot void.
  const storedItems = await users.getItems(shopifyIds);
  const issues = await readMembershipIssues(context, shop, shopifyIds);
  const { data, spoilt } = await admin.read(
    shop,
    customerSnapshots,
    { ids: shopifyIds.map(toCustomerGid) },
    options,
  );
  const nodes = shopifyIds.map((id, n) => {
    const node = withSpoilt(data.nodes[n], spoiltAt(spoilt, ['nodes', n]));
    return [id, node] as const;
  });
  const snapshots = await readSnapshots(context, shop, new Map(nodes), storedItems);
  // Last: what stands in a queue for long must not write a plan as it was before.
  const entitlementsOf = await readShopEntitlements(context, shop);
  const limit = pLimit(CONCURRENCY);
  const forced = new Set<string>();

  async function waitForWriteLimiter(
    snapshot: Snapshot,
    entitlements: Entitlements,
    stored: StoredItem,
  ): Promise<void> {
    if (options.limitWrites !== true) return;
    if (users.differences(snapshot, entitlements, stored).length === 0) return;
    await writeLimiter(estimateWriteUnits(entitlements));
    options.signal?.throwIfAborted();
  }

  async function apply(id: string): Promise<Refreshed> {
    const snapshot = snapshots.get(id) ?? 'unanswered';
    if (typeof snapshot === 'string') return snapshot;
    const stored = storedItems.get(id);
    const entitlements = entitlementsOf(snapshot);
    await waitForWriteLimiter(snapshot, entitlements, stored);
    let applied = await users.applySnapshot(snapshot, entitlements, stored);
    let read = stored;
    for (let attempt = 0; applied === 'conflict' && attempt < LOCAL_ATTEMPTS; attempt += 1) {
      const current = (await users.getItems([id])).get(id);
      if (!isStillCurrent(snapshot, read, current)) break;
      read = current;
      applied = await users.applySnapshot(snapshot, entitlements, current);
    }
    const { updatedAt = '' } = snapshot.customer;
    if (applied === 'outdated' && options.force?.get(id) === updatedAt) {
      applied = await users.applySnapshot(snapshot, entitlements, read, { force: true });
      if (applied === 'written') forced.add(id);
    }
    if (applied === 'outdated') options.onOutdated?.(id, updatedAt);
    const codes = codesOf(entitlements, applied);
    if (codes !== undefined) await issues.record(id, codes);
    return applied;
  }

  const outcomes = await Promise.allSettled(
    shopifyIds.map((id) => limit(async (): Promise<[string, Refreshed]> => [id, await apply(id)])),
  );
  // Whoever asks again after a failure meets no write of this time any more.
  const failure = outcomes.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
  const results = new Map(
    outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
  );
  for (const [id, result] of results) metrics.snapshots.inc({ outcome: forced.has(id) ? 'forced' : result });
  return results;
}
