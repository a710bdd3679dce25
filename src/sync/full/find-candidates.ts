import { resolveEntitlements, type TagRules } from '../../customers/entitlements.ts';
import { readSnapshot } from '../../customers/snapshot.ts';
import { currentPlans, type Plans } from '../../ledger/plans.ts';
import type { Users } from '../../users/store.ts';
import type { ImportCustomers } from './apply-customers.ts';
import type { CandidateStore } from './candidate-store.ts';

export interface FindCandidatesDeps {
  readonly usersOf: (shop: string) => Users;
  readonly plans: Plans;
  readonly rules: TagRules;
  readonly met: CandidateStore;
  /** Which listing they come from. */
  readonly listing: () => string;
}

const AS_IT_STANDS = new Set(['unchanged', 'already_newer', 'deleted']);

/**
 * Takes customers as an import does, and writes nothing: it notes whom there are, and those whose user may not be what
 * the customer is. A listing is some minutes old and the read is eventually consistent, so these are doubts only.
 */
export function createFindCandidates({
  usersOf,
  plans,
  rules,
  met,
  listing,
}: FindCandidatesDeps): ImportCustomers {
  return async function noteDoubtful(shop, nodes) {
    const users = usersOf(shop);
    const ids = [...nodes.keys()];
    const [storedItems, all] = await Promise.all([users.getItems(ids, false), plans.all(shop)]);
    const known = currentPlans(all);
    const doubtful = ids.filter((id) => {
      const snapshot = readSnapshot(nodes.get(id));
      if (snapshot === 'unreadable') return true;
      return !AS_IT_STANDS.has(
        users.classifySnapshot(snapshot, resolveEntitlements(snapshot, known, rules), storedItems.get(id)),
      );
    });
    met.addListed(listing(), ids, doubtful);
    const nothing = { written: 0, already_newer: 0, tombstoned: 0, failed: 0, requests: 0, write_units: 0 };
    return { ...nothing, unchanged: ids.length - doubtful.length };
  };
}
