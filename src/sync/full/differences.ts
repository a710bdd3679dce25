import type { DifferenceRow } from '../../ledger/full-sync-reports.ts';
import { SNAPSHOT_ONLY_ATTRIBUTES } from '../../users/snapshot-commands.ts';
import { toStored, type StoredItem } from '../../users/stored-state.ts';

function timeOf(stored: StoredItem): string | null {
  const time = stored?.['shopify_updated_at'];
  return typeof time === 'string' ? time : null;
}

function kindOf(attributes: readonly string[], stored: StoredItem): DifferenceRow['difference'] {
  if (stored === undefined || toStored(stored).by === 'tombstone') return 'missing_here';
  const isOfRoles = attributes.every((name) => SNAPSHOT_ONLY_ATTRIBUTES.includes(name));
  return isOfRoles && attributes.length > 0 ? 'wrong_entitlements' : 'stale';
}

/** How a user was not what the customer is. */
export function toRow(
  shopifyId: string,
  attributes: readonly string[],
  updatedAt: string | undefined,
  stored: StoredItem,
  repaired: boolean,
): DifferenceRow {
  return {
    difference: kindOf(attributes, stored),
    shopify_id: shopifyId,
    attributes: [...attributes],
    shopify_updated_at: updatedAt ?? null,
    user_updated_at: timeOf(stored),
    repaired,
  };
}

/** A user whom Shopify does not have any more. */
export function toExtraRow(shopifyId: string, stored: StoredItem, repaired: boolean): DifferenceRow {
  return { ...toRow(shopifyId, [], undefined, stored, repaired), difference: 'extra_here' };
}
