import { standingOf, type TagRules } from '../../customers/entitlements.ts';
import type { DriftRow } from '../../ledger/drift.ts';
import { currentPlans, type Plans } from '../../ledger/plans.ts';
import type { Admin } from '../../shopify/admin/admin.ts';
import { customerSnapshots } from '../../shopify/admin/queries.ts';
import { THE_SNAPSHOTS_OWN, type Base } from '../../users/snapshot-commands.ts';
import type { Users } from '../../users/store.ts';
import { isDeleted } from '../../users/classify-snapshot.ts';
import type { Pace } from '../../users/write-limiter.ts';
import { toSnapshot, type Refresh } from '../refresh/refresh.ts';

/** What of some customers is not what Shopify says now. */
interface Judged {
  readonly rows: readonly DriftRow[];
  readonly unreadable: number;
}

/**
 * Asks Shopify about at most 50 customers and says how their users differ, none of whom is being written meanwhile.
 * With `heal` it mends what differs.
 * @throws AppError `store_failed` and those of Admin
 */
export type JudgeCustomers = (
  shop: string,
  ids: readonly string[],
  options: { readonly heal: boolean; readonly signal: AbortSignal },
) => Promise<Judged>;

export interface JudgeDeps {
  readonly admin: Admin;
  readonly usersOf: (shop: string) => Users;
  readonly plans: Plans;
  readonly refresh: Refresh;
  readonly rules: TagRules;
  readonly pace: Pace;
}

/** As often users are looked at again whom others are writing to. */
const LOOKS = 3;
/** The item, and each index that it may be in. */
const TOMBSTONE_UNITS = 7;

type Look = DriftRow | 'same' | 'unreadable';

const timeOf = (base: Base): string | null => {
  const time = base?.['shopify_updated_at'];
  return typeof time === 'string' ? time : null;
};

export function createJudgeCustomers(deps: JudgeDeps): JudgeCustomers {
  const { admin, usersOf, plans, refresh, rules, pace } = deps;

  /** What stands, and how it differs from what Shopify says after it was read. */
  async function look(shop: string, ids: readonly string[], signal: AbortSignal) {
    const users = usersOf(shop);
    const bases = await users.bases(ids);
    const known = currentPlans(await plans.all(shop));
    const gids = ids.map((id) => `gid://shopify/Customer/${id}`);
    const options = { priority: 'background' as const, signal };
    const { nodes } = await admin.query(shop, customerSnapshots, { ids: gids }, options);

    function lookAt(id: string, node: unknown, base: Base): Look {
      if (isDeleted(base)) return 'same';
      const row = { shopify_id: id, user_updated_at: timeOf(base), healed: false };
      if (node === null || node === undefined)
        return base === undefined
          ? 'same'
          : { ...row, difference: 'extra_here', attributes: [], shopify_updated_at: null };
      const snapshot = toSnapshot(node);
      if (snapshot === 'unreadable') return snapshot;
      const { updatedAt = '' } = snapshot.customer;
      // Shopify has answered from an older state than the one that a webhook told.
      if ((timeOf(base) ?? '') > updatedAt) return 'same';
      const attributes = users.differences(snapshot, standingOf(snapshot, known, rules), base);
      if (attributes.length === 0) return 'same';
      const isFlags = attributes.every((name) => THE_SNAPSHOTS_OWN.includes(name));
      const difference = base === undefined ? 'missing_here' : isFlags ? 'wrong_flags' : 'stale';
      return { ...row, difference, attributes: [...attributes], shopify_updated_at: updatedAt };
    }

    return ids.map((id, n) => ({ id, base: bases.get(id), look: lookAt(id, nodes[n], bases.get(id)) }));
  }

  async function mend(shop: string, rows: readonly DriftRow[], signal: AbortSignal): Promise<DriftRow[]> {
    const isExtra = ({ difference }: DriftRow) => difference === 'extra_here';
    const healed = new Set<string>();
    for (const { shopify_id: id } of rows.filter(isExtra)) {
      await pace(TOMBSTONE_UNITS);
      signal.throwIfAborted();
      // Shopify gives no id twice, so whoever is not there any more never comes back.
      await usersOf(shop).tombstone(id);
      healed.add(id);
    }
    const others = rows.filter((row) => !isExtra(row)).map(({ shopify_id: id }) => id);
    if (others.length > 0)
      for (const [id, result] of await refresh(shop, others, { priority: 'background', signal, pace }))
        if (result === 'written' || result === 'unchanged') healed.add(id);
    return rows.map((row) => ({ ...row, healed: healed.has(row.shopify_id) }));
  }

  return async function judgeCustomers(shop, ids, { heal, signal }) {
    const rows: DriftRow[] = [];
    let unreadable = 0;
    let waiting = ids;
    for (let looks = 0; looks < LOOKS && waiting.length > 0; looks += 1) {
      const looked = await look(shop, waiting, signal);
      unreadable += looked.filter((one) => one.look === 'unreadable').length;
      const differing = looked.filter(({ look: found }) => typeof found === 'object');
      const now = await usersOf(shop).bases(differing.map(({ id }) => id));
      waiting = [];
      const moved: string[] = [];
      for (const { id, base, look: found } of differing)
        if (now.get(id)?.['revision'] !== base?.['revision']) moved.push(id);
        else if (typeof found === 'object') rows.push(found);
      waiting = moved;
    }
    return { rows: heal && rows.length > 0 ? await mend(shop, rows, signal) : rows, unreadable };
  };
}
