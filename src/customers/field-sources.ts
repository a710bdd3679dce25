import type { Entitlements } from './entitlements.ts';
import type { Snapshot } from './snapshot.ts';

/** What decides a value, by the rules of membership.ts. `none`: nothing is set, so the value is false or null. */
export type Source = 'metafield' | 'tag' | 'none';

export interface Sources {
  readonly is_admin: Source;
  readonly is_featured_author: Source;
  readonly membership: Source;
}

/** Where a customer's flags and plan come from; the entitlements is what follows from the snapshot. */
export function sourcesOf(snapshot: Snapshot, entitlements: Entitlements): Sources {
  const { isAdmin, isFeaturedAuthor, plan } = snapshot;
  const ofTag = entitlements.isFeaturedAuthor ? 'tag' : 'none';
  return {
    is_admin: isAdmin === null ? 'none' : 'metafield',
    is_featured_author: isFeaturedAuthor === null ? ofTag : 'metafield',
    // A metafield that names a plan that is gone decides, too: then there is no plan.
    membership: plan === null ? (entitlements.source ?? 'none') : 'metafield',
  };
}
