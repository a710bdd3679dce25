import { toCustomerGid } from '../../customers/customer-gid.ts';
import { precedenceOf } from '../../customers/precedence.ts';
import { spoiltAt, withSpoilt } from '../../customers/spoilt.ts';
import type { DifferenceRow } from '../../ledger/full-sync-reports.ts';
import { customerSnapshots } from '../../shopify/admin/queries.ts';
import { toStored, type StoredItem } from '../../users/stored-state.ts';
import { readSnapshots } from '../refresh/read-snapshots.ts';
import type { RefreshContext } from '../refresh/refresh.ts';
import { readShopEntitlements } from '../shop-entitlements.ts';
import { noOutcomes, type HandleCustomers } from './batches.ts';
import { toRow } from './differences.ts';
import type { Outcome } from './progress.ts';

/** As often users are looked at again whom others are writing to. */
const LOOKS = 3;
const LOOK_BATCH = 50;

type Settled = DifferenceRow | Exclude<Outcome, 'written' | 'differing'> | 'gone';

interface Look {
  readonly id: string;
  readonly stored: StoredItem;
  readonly result: Settled;
}

/** What stands, and how it differs from what Shopify says after it was read. */
async function look(
  context: RefreshContext,
  shop: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Look[]> {
  const users = context.usersOf(shop);
  const storedItems = await users.getItems(ids);
  const entitlementsOf = await readShopEntitlements(context, shop);
  const options = { priority: 'background' as const, signal };
  const { data, spoilt } = await context.admin.read(
    shop,
    customerSnapshots,
    { ids: ids.map(toCustomerGid) },
    options,
  );
  const nodes = ids.map((id, n) => {
    const node = withSpoilt(data.nodes[n], spoiltAt(spoilt, ['nodes', n]));
    return [id, node] as const;
  });
  const snapshots = await readSnapshots(context, shop, new Map(nodes), storedItems);

  function toResult(id: string, stored: StoredItem): Settled {
    const isTombstone = toStored(stored).by === 'tombstone';
    const snapshot = snapshots.get(id) ?? 'unanswered';
    if (snapshot === 'gone') {
      if (isTombstone) return 'tombstoned';
      return stored === undefined ? 'already_newer' : 'gone';
    }
    if (typeof snapshot === 'string') return isTombstone ? 'tombstoned' : 'failed';
    const attributes = users.differences(snapshot, entitlementsOf(snapshot), stored);
    if (isTombstone && attributes.length === 0) return 'tombstoned';
    const { updatedAt = '' } = snapshot.customer;
    // An answer from an older state than a webhook told, or the stored time is not Shopify's: then it stays so.
    if (precedenceOf({ by: 'snapshot', updatedAt }, toStored(stored)) === 'stale') return 'undecided';
    return attributes.length === 0 ? 'unchanged' : toRow(id, attributes, updatedAt, stored, false);
  }

  return ids.map((id) => {
    const stored = storedItems.get(id);
    return { id, stored, result: toResult(id, stored) };
  });
}

/**
 * Compares listed customers with their users and writes nothing. A listing is some minutes old and the first read is
 * eventually consistent, so of whom the two disagree Shopify is asked once more, and the user must not move meanwhile.
 */
export function createCheckCustomers(context: RefreshContext): HandleCustomers {
  return async function checkCustomers(shop, nodes, signal) {
    const users = context.usersOf(shop);
    const outcomes = noOutcomes();
    const rows: DifferenceRow[] = [];
    const gone: string[] = [];
    let requests = 0;
    const [storedItems, entitlementsOf] = await Promise.all([
      users.getItems([...nodes.keys()], false),
      readShopEntitlements(context, shop),
    ]);

    const snapshots = await readSnapshots(context, shop, nodes, storedItems, { tellsErrors: false });

    /** Who looks as listed needs no second look. Who looks newer does: it takes a newer snapshot to tell. */
    function settleListed(id: string): boolean {
      const snapshot = snapshots.get(id);
      if (snapshot === undefined || typeof snapshot === 'string') return false;
      const decision = users.classifySnapshot(snapshot, entitlementsOf(snapshot), storedItems.get(id));
      if (decision !== 'deleted' && decision !== 'unchanged') return false;
      outcomes[decision === 'deleted' ? 'tombstoned' : decision] += 1;
      return true;
    }

    function settle(id: string, result: Settled): void {
      if (typeof result === 'object') {
        outcomes.differing += 1;
        rows.push(result);
      } else if (result === 'gone') {
        outcomes.already_newer += 1;
        gone.push(id);
      } else outcomes[result] += 1;
    }

    /** Resolves to those who have been written to meanwhile, or are ahead of what Shopify says. */
    async function verify(ids: readonly string[]): Promise<string[]> {
      requests += 1;
      const looked = await look(context, shop, ids, signal);
      const differing = looked.filter(({ result }) => typeof result === 'object').map(({ id }) => id);
      const now = await users.getItems(differing);
      const again: string[] = [];
      for (const { id, stored, result } of looked)
        if (result === 'undecided') again.push(id);
        else if (now.has(id) && now.get(id)?.['revision'] !== stored?.['revision']) again.push(id);
        else settle(id, result);
      return again;
    }

    let waiting = [...nodes.keys()].filter((id) => !settleListed(id));
    for (let looks = 0; looks < LOOKS && waiting.length > 0; looks += 1) {
      const again: string[] = [];
      for (let start = 0; start < waiting.length; start += LOOK_BATCH)
        again.push(...(await verify(waiting.slice(start, start + LOOK_BATCH))));
      waiting = again;
    }
    outcomes.undecided += waiting.length;
    return { outcomes, rows, gone, requests, write_units: 0 };
  };
}
