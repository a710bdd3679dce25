import { currentPlans, type Plans } from '../ledger/plans.ts';
import type { SyncStates } from '../ledger/sync-state.ts';
import type { UserQuery } from '../users/list.ts';

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
    const everybody = {
      by: 'created',
      from: '0001-01-01T00:00:00.000Z',
      to: '9999-12-31T23:59:59.999Z',
    } as const;
    const members: Record<string, number> = {};
    for (const id of currentPlans(await plans.all(shop)).keys())
      members[id] = await countOf(shop, { by: 'membership', membershipId: id });
    await states.noteCounts(shop, {
      people: await countOf(shop, everybody),
      active: await countOf(shop, { by: 'active' }),
      admins: await countOf(shop, { by: 'admin' }),
      featured_authors: await countOf(shop, { by: 'featured_author' }),
      members,
      counted_at: now().toISOString(),
    });
  };
}
