import { toCustomerGid } from '../../customers/customer-gid.ts';
import { precedenceOf } from '../../customers/precedence.ts';
import { readSnapshot } from '../../customers/snapshot.ts';
import type { DriftRow } from '../../ledger/drift.ts';
import { customerSnapshots } from '../../shopify/admin/queries.ts';
import { SNAPSHOT_ONLY_ATTRIBUTES } from '../../users/snapshot-commands.ts';
import { toStored, type StoredItem } from '../../users/stored-state.ts';
import { refresh, type RefreshContext } from '../refresh/refresh.ts';
import { readShopEntitlements } from '../shop-entitlements.ts';

/** What of some customers is not what Shopify says now. */
interface Verified {
  readonly rows: readonly DriftRow[];
  readonly unreadable: number;
}

/**
 * Asks Shopify about at most 50 customers and says how their users differ, none of whom is being written meanwhile.
 * With `repair` it repairs what differs.
 * @throws AppError `store_failed` and those of Admin
 */
export type VerifyCandidates = (
  shop: string,
  ids: readonly string[],
  options: { readonly repair: boolean; readonly signal: AbortSignal },
) => Promise<Verified>;

/** As often users are looked at again whom others are writing to. */
const LOOKS = 3;
/** The item, and each index that it may be in. */
const TOMBSTONE_UNITS = 7;

type Look = DriftRow | 'same' | 'unreadable';

const timeOf = (stored: StoredItem): string | null => {
  const time = stored?.['shopify_updated_at'];
  return typeof time === 'string' ? time : null;
};

export function createVerifyCandidates(context: RefreshContext): VerifyCandidates {
  const { admin, usersOf, writeLimiter } = context;

  /** What stands, and how it differs from what Shopify says after it was read. */
  async function look(shop: string, ids: readonly string[], signal: AbortSignal) {
    const users = usersOf(shop);
    const storedItems = await users.getItems(ids);
    const entitlementsOf = await readShopEntitlements(context, shop);
    const gids = ids.map(toCustomerGid);
    const options = { priority: 'background' as const, signal };
    const { nodes } = await admin.query(shop, customerSnapshots, { ids: gids }, options);

    function lookAt(id: string, node: unknown, stored: StoredItem): Look {
      if (toStored(stored).by === 'tombstone') return 'same';
      const row = { shopify_id: id, user_updated_at: timeOf(stored), repaired: false };
      if (node === null || node === undefined)
        return stored === undefined
          ? 'same'
          : { ...row, difference: 'extra_here', attributes: [], shopify_updated_at: null };
      const snapshot = readSnapshot(node);
      if (snapshot === 'unreadable') return snapshot;
      const { updatedAt = '' } = snapshot.customer;
      // Shopify has answered from an older state than the one that a webhook told.
      if (precedenceOf({ by: 'snapshot', updatedAt }, toStored(stored)) === 'stale') return 'same';
      const attributes = users.differences(snapshot, entitlementsOf(snapshot), stored);
      if (attributes.length === 0) return 'same';
      const isFlags = attributes.every((name) => SNAPSHOT_ONLY_ATTRIBUTES.includes(name));
      const difference = stored === undefined ? 'missing_here' : isFlags ? 'wrong_entitlements' : 'stale';
      return { ...row, difference, attributes: [...attributes], shopify_updated_at: updatedAt };
    }

    return ids.map((id, n) => ({
      id,
      stored: storedItems.get(id),
      look: lookAt(id, nodes[n], storedItems.get(id)),
    }));
  }

  async function repairRows(
    shop: string,
    rows: readonly DriftRow[],
    signal: AbortSignal,
  ): Promise<DriftRow[]> {
    const isExtra = ({ difference }: DriftRow) => difference === 'extra_here';
    const repaired = new Set<string>();
    for (const { shopify_id: id } of rows.filter(isExtra)) {
      await writeLimiter(TOMBSTONE_UNITS);
      signal.throwIfAborted();
      // Shopify gives no id twice, so whoever is not there any more never comes back.
      await usersOf(shop).tombstone(id);
      repaired.add(id);
    }
    const others = rows.filter((row) => !isExtra(row)).map(({ shopify_id: id }) => id);
    if (others.length > 0)
      for (const [id, result] of await refresh(context, shop, others, {
        priority: 'background',
        signal,
        limitWrites: true,
      }))
        if (result === 'written' || result === 'unchanged') repaired.add(id);
    return rows.map((row) => ({ ...row, repaired: repaired.has(row.shopify_id) }));
  }

  return async function verifyCandidates(shop, ids, { repair, signal }) {
    const rows: DriftRow[] = [];
    let unreadable = 0;
    let waiting = ids;
    for (let looks = 0; looks < LOOKS && waiting.length > 0; looks += 1) {
      const looked = await look(shop, waiting, signal);
      unreadable += looked.filter((one) => one.look === 'unreadable').length;
      const differing = looked.filter(({ look: found }) => typeof found === 'object');
      const now = await usersOf(shop).getItems(differing.map(({ id }) => id));
      waiting = [];
      const moved: string[] = [];
      for (const { id, stored, look: found } of differing)
        if (now.get(id)?.['revision'] !== stored?.['revision']) moved.push(id);
        else if (typeof found === 'object') rows.push(found);
      waiting = moved;
    }
    return { rows: repair && rows.length > 0 ? await repairRows(shop, rows, signal) : rows, unreadable };
  };
}
