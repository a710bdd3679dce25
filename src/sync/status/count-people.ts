import { plansByHandle } from '../../customers/plan.ts';
import { currentPlans } from '../../ledger/plans.ts';
import { EVERYBODY } from '../../users/lists/list-query.ts';
import type { SyncContext } from '../sync-context.ts';

/**
 * Counts a shop's people and keeps the counts for the page.
 * @throws AppError `store_failed`
 */
export async function countPeople(
  { usersOf, ledger, now }: Pick<SyncContext, 'usersOf' | 'ledger' | 'now'>,
  shop: string,
): Promise<void> {
  const users = usersOf(shop);
  const members: Record<string, number> = {};
  const plans = currentPlans(await ledger.plans.all(shop));
  for (const id of plansByHandle(plans.values()).keys())
    members[id] = await users.count({ by: 'membership', membershipId: id });
  await ledger.states.recordCounts(shop, {
    people: await users.count(EVERYBODY),
    active: await users.count({ by: 'active' }),
    admins: await users.count({ by: 'admin' }),
    featured_authors: await users.count({ by: 'featured_author' }),
    members,
    counted_at: now().toISOString(),
  });
}
