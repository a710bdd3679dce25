import pLimit from 'p-limit';
import { toCustomerGid } from '../../customers/customer-gid.ts';
import { resolveEntitlements, type Entitlements, type TagRules } from '../../customers/entitlements.ts';
import { readSnapshot, type Snapshot } from '../../customers/snapshot.ts';
import { currentPlans, type Plans } from '../../ledger/plans.ts';
import type { Metrics } from '../../metrics.ts';
import type { Admin } from '../../shopify/admin/admin.ts';
import { customerSnapshots } from '../../shopify/admin/queries.ts';
import { isStillCurrent } from '../../users/snapshot-commands.ts';
import type { StoredItem } from '../../users/stored-state.ts';
import type { Applied, Users } from '../../users/store.ts';
import { codesOf, readMembershipIssues, type MembershipIssuesDeps } from './membership-issues.ts';
import { estimateWriteUnits, type WriteLimiter } from '../../users/write-limiter.ts';

/** `gone`: Shopify has no such customer. `unreadable`: it says something of them that cannot be read. */
export type Refreshed = Applied | 'gone' | 'unreadable';

interface RefreshOptions {
  readonly priority: 'interactive' | 'background';
  readonly signal?: AbortSignal;
  /** Within which the writes keep; undefined: they are what webhooks or a person wait for. */
  readonly writeLimiter?: WriteLimiter;
}

/**
 * Fetches the snapshots of at most 50 customers at once and writes what differs. Resolves to what became of each.
 * @throws AppError `admin_api_unavailable`, `reauthorization_needed`, `store_failed`
 */
export type Refresh = (
  shop: string,
  shopifyIds: readonly string[],
  options: RefreshOptions,
) => Promise<ReadonlyMap<string, Refreshed>>;

export interface RefreshDeps extends MembershipIssuesDeps {
  readonly admin: Admin;
  readonly usersOf: (shop: string) => Users;
  readonly plans: Plans;
  readonly rules: TagRules;
  readonly metrics: Metrics;
}

const AT_ONCE = 8;
/** As often a snapshot is put over older webhooks that come in between, before Shopify is asked again. */
const LOCAL_ATTEMPTS = 3;

export function createRefresh(deps: RefreshDeps): Refresh {
  const { admin, usersOf, plans, rules, metrics } = deps;

  return async function refresh(shop, shopifyIds, options) {
    const users = usersOf(shop);
    // The items first, then Shopify: whatever is written in between moves the revision and makes the snapshot void.
    const storedItems = await users.getItems(shopifyIds);
    const known = currentPlans(await plans.all(shop));
    const notes = await readMembershipIssues(deps, shop, shopifyIds);
    const ids = shopifyIds.map(toCustomerGid);
    const { nodes } = await admin.query(shop, customerSnapshots, { ids }, options);
    const limit = pLimit(AT_ONCE);

    async function limitWrites(
      snapshot: Snapshot,
      entitlements: Entitlements,
      stored: StoredItem,
    ): Promise<void> {
      if (
        options.writeLimiter === undefined ||
        users.differences(snapshot, entitlements, stored).length === 0
      )
        return;
      await options.writeLimiter(estimateWriteUnits(entitlements));
      options.signal?.throwIfAborted();
    }

    async function apply(id: string, node: unknown, stored: StoredItem): Promise<Refreshed> {
      if (node === null || node === undefined) return 'gone';
      const snapshot = readSnapshot(node);
      if (snapshot === 'unreadable') return snapshot;
      const entitlements = resolveEntitlements(snapshot, known, rules);
      await limitWrites(snapshot, entitlements, stored);
      let applied = await users.applySnapshot(snapshot, entitlements, stored);
      let read = stored;
      for (let again = 0; applied === 'conflict' && again < LOCAL_ATTEMPTS; again += 1) {
        const moved = (await users.getItems([id])).get(id);
        if (!isStillCurrent(snapshot, read, moved)) break;
        read = moved;
        applied = await users.applySnapshot(snapshot, entitlements, moved);
      }
      await notes.record(id, codesOf(entitlements, applied));
      return applied;
    }

    const results = await Promise.all(
      shopifyIds.map((id, n) =>
        limit(async (): Promise<[string, Refreshed]> => [id, await apply(id, nodes[n], storedItems.get(id))]),
      ),
    );
    for (const [, result] of results) metrics.snapshots.inc({ outcome: result });
    return new Map(results);
  };
}
