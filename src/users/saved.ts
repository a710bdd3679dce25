import { changeOf, compareChanges } from '../customers/change.ts';
import type { Customer } from '../customers/customer.ts';
import type { Item } from '../dynamodb/conditional-update.ts';
import { profileDigest } from './snapshot-commands.ts';
import { isDeleted } from './classify-snapshot.ts';

/**
 * What became of a change. `stale`: a newer one stands. `duplicate`: it stands already. `tie`: another one of the
 * same second stands. `deleted`: the person is gone for good. None is an error.
 */
export type Saved = 'written' | 'stale' | 'duplicate' | 'tie' | 'deleted';

/** What became of a change that was refused because of the item that stands. */
export function toSaved(customer: Customer, existing: Item): Saved {
  if (isDeleted(existing)) return 'deleted';
  const change = changeOf(customer);
  // An id alone says nothing that could be older or newer: the user is there, which is all it asked for.
  if (change === undefined) return 'duplicate';
  const { shopify_updated_at: updatedAt, source_digest: source } = existing;
  const order = compareChanges(change, { updatedAt: String(updatedAt), digest: profileDigest(source) });
  if (order === 0) return 'duplicate';
  return change.updatedAt === updatedAt ? 'tie' : 'stale';
}
