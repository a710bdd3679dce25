import { readSnapshot } from '../../customers/snapshot.ts';
import { readShopEntitlements } from '../shop-entitlements.ts';
import type { SyncContext } from '../sync-context.ts';
import type { ImportCustomers } from './apply-customers.ts';
import type { CandidateStore } from './candidate-store.ts';

interface Options {
  readonly candidates: CandidateStore;
  /** Which listing they come from. */
  readonly listing: () => string;
}

const AS_IT_STANDS = new Set(['unchanged', 'already_newer', 'deleted']);

/**
 * Takes customers as an import does, and writes nothing: it notes whom there are, and those whose user may not be what
 * the customer is. A listing is some minutes old and the read is eventually consistent, so these are doubts only.
 */
export function createFindCandidates(
  context: Pick<SyncContext, 'usersOf' | 'ledger' | 'rules'>,
  { candidates, listing }: Options,
): ImportCustomers {
  return async function findCandidates(shop, nodes) {
    const users = context.usersOf(shop);
    const ids = [...nodes.keys()];
    const [storedItems, entitlementsOf] = await Promise.all([
      users.getItems(ids, false),
      readShopEntitlements(context, shop),
    ]);
    const found = ids.filter((id) => {
      const snapshot = readSnapshot(nodes.get(id));
      if (snapshot === 'unreadable') return true;
      return !AS_IT_STANDS.has(
        users.classifySnapshot(snapshot, entitlementsOf(snapshot), storedItems.get(id)),
      );
    });
    candidates.addListed(listing(), ids, found);
    const nothing = { written: 0, already_newer: 0, tombstoned: 0, failed: 0, requests: 0, write_units: 0 };
    return { ...nothing, unchanged: ids.length - found.length };
  };
}
