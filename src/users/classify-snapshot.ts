import type { Entitlements } from '../customers/entitlements.ts';
import { precedenceOf } from '../customers/precedence.ts';
import type { Snapshot } from '../customers/snapshot.ts';
import type { UsersContext } from './commands.ts';
import { differingNames, hasContent } from './snapshot-commands.ts';
import { toStored, type StoredItem } from './stored-state.ts';

/**
 * What to do with a snapshot. `apply`: write it, on the condition that the item is unchanged. `ask`: fetch a new one,
 * because the order of snapshot and item is unknown. Otherwise: nothing.
 */
export type SnapshotDecision = 'apply' | 'ask' | 'unchanged' | 'already_newer' | 'deleted';

/**
 * Classifies a snapshot against an item that was read later, as for a line of a bulk operation: webhooks and newer snapshots
 * may have written the item since.
 *
 * An item with a smaller `updatedAt` is older in every attribute, one with a greater `updatedAt` is newer. Equal times do
 * not tell: a changed metafield may leave `updatedAt` as it was, two edits may share a second, and a newer snapshot that
 * found no difference left no trace. So a snapshot must not overwrite an item of the same time. A newer item may still
 * lack the roles and the membership of the snapshot, if only webhooks wrote it, and its time may be none of Shopify's:
 * where it says something else than the snapshot, Shopify has to be asked.
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
      return hasContent(context, snapshot, entitlements, stored) ? 'already_newer' : 'ask';
    case 'tie':
    case 'duplicate':
      return differingNames(context, snapshot, entitlements, stored).length === 0 ? 'unchanged' : 'ask';
  }
}
