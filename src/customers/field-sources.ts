import type { Standing } from './entitlements.ts';
import type { Snapshot } from './snapshot.ts';

/** What decides a value, by the rules of membership.ts. `none`: nothing is set, so the value is false or null. */
export type Origin = 'metafield' | 'tag' | 'none';

export interface Origins {
  readonly is_admin: Origin;
  readonly is_featured_author: Origin;
  readonly membership: Origin;
}

/** Where a customer's flags and plan come from; the standing is what follows from the snapshot. */
export function originsOf(snapshot: Snapshot, standing: Standing): Origins {
  const { isAdmin, isFeaturedAuthor, plan } = snapshot;
  const ofTag = standing.isFeaturedAuthor ? 'tag' : 'none';
  return {
    is_admin: isAdmin === null ? 'none' : 'metafield',
    is_featured_author: isFeaturedAuthor === null ? ofTag : 'metafield',
    // A metafield that names a plan that is gone decides, too: then there is no plan.
    membership: plan === null ? (standing.source ?? 'none') : 'metafield',
  };
}
