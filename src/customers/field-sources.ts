import type { Entitlements } from './entitlements.ts';
import type { Snapshot } from './snapshot.ts';

/** What decides a value, by the rules of entitlements.ts. `none`: nothing is set, so the value is false or null. */
export type Source = 'metafield' | 'tag' | 'none';

export interface Sources {
  readonly is_admin: Source;
  readonly is_featured_author: Source;
  readonly membership: Source;
}

/**
 * The sources of a customer's roles and plan.
 * @param entitlements what resolveEntitlements returns for the snapshot
 */
export function sourcesOf(snapshot: Snapshot, entitlements: Entitlements): Sources {
  const { isAdmin, isFeaturedAuthor, plan } = snapshot;
  const ofTag = entitlements.isFeaturedAuthor ? 'tag' : 'none';
  return {
    is_admin: isAdmin === null ? 'none' : 'metafield',
    is_featured_author: isFeaturedAuthor === null ? ofTag : 'metafield',
    // A metafield that names a deleted plan decides too: it means no plan.
    membership: plan === null ? (entitlements.source ?? 'none') : 'metafield',
  };
}
