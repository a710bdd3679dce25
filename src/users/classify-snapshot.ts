import type { Entitlements } from '../customers/entitlements.ts';
import { precedenceOf } from '../customers/precedence.ts';
import type { Snapshot } from '../customers/snapshot.ts';
import type { UsersContext } from './commands.ts';
import { differingNames, hasSnapshotAttributes } from './snapshot-commands.ts';
import { toStored, type StoredItem } from './stored-state.ts';

/**
 * What to do with a snapshot: `apply` it under the lock of the item, `ask` Shopify anew because nobody can tell which
 * of the two is newer, or nothing.
 */
export type SnapshotDecision = 'apply' | 'ask' | 'unchanged' | 'already_newer' | 'deleted';

/**
 * Compares a snapshot with an item that was read after it was taken, as a bulk operation's line has to be: the item may
 * have been written, by webhooks and by later snapshots, since the operation ran.
 *
 * A customer's `updatedAt` never goes back, so an item with a smaller one holds an earlier state in everything, and one
 * with a greater a later state. Equal ones say nothing: a changed metafield may leave `updatedAt` as it was, a
 * second edit falls into the same second, and a later snapshot that found all as it stood has left no mark. So where
 * the snapshot would change such an item, the line must not be written. A later item of webhooks alone may still lack
 * the flags that no webhook tells.
 */
export function classifySnapshot(
  context: UsersContext,
  snapshot: Snapshot,
  entitlements: Entitlements,
  stored: StoredItem,
): SnapshotDecision {
  const { updatedAt = '' } = snapshot.customer;
  const precedence = precedenceOf({ by: 'listing', updatedAt }, toStored(stored));
  switch (precedence) {
    case 'deleted':
      return 'deleted';
    case 'wins':
      return 'apply';
    case 'stale':
      return hasSnapshotAttributes(context, snapshot, entitlements, stored) ? 'already_newer' : 'ask';
    case 'tie':
    case 'duplicate':
      return differingNames(context, snapshot, entitlements, stored).length === 0 ? 'unchanged' : 'ask';
  }
}
