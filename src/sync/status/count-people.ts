import { currentPlans, type Plans } from '../../ledger/plans.ts';
import type { SyncStates } from '../../ledger/sync-state.ts';
import { EVERYBODY, type UserQuery } from '../../users/lists/list-query.ts';

/** Counts a shop's people and keeps the counts for the page. */
export type CountPeople = (shop: string) => Promise<void>;

export interface CountPeopleDeps {
  readonly countOf: (shop: string, query: UserQuery) => Promise<number>;
  readonly plans: Plans;
  readonly states: SyncStates;
  readonly now: () => Date;
}

export function createCountPeople({ countOf, plans, states, now }: CountPeopleDeps): CountPeople {
  return async function countPeople(shop) {
    const members: Record<string, number> = {};
    for (const id of currentPlans(await plans.all(shop)).keys())
      members[id] = await countOf(shop, { by: 'membership', membershipId: id });
    await states.recordCounts(shop, {
      people: await countOf(shop, EVERYBODY),
      active: await countOf(shop, { by: 'active' }),
      admins: await countOf(shop, { by: 'admin' }),
      featured_authors: await countOf(shop, { by: 'featured_author' }),
      members,
      counted_at: now().toISOString(),
    });
  };
}
