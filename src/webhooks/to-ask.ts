import type { Customer } from '../customers/customer.ts';
import { toSecond } from '../customers/instant.ts';
import type { SavedChange } from '../users/saved.ts';

/** So long after its change a delivery may be triggered that tells of it. */
const TOLD_WITHIN_MS = 5 * 60_000;

/**
 * Whether a change that was written is found by the next reconcile, which goes back to the watermark: if it moved the
 * customer's time, here and at Shopify. What was told long after that time is something else, such as a metafield.
 */
function hasMovedTime({ existing }: SavedChange, { updatedAt }: Customer, triggeredAt: string | undefined) {
  if (updatedAt === undefined || triggeredAt === undefined) return false;
  const existingTime = 'updatedAt' in existing ? existing.updatedAt : undefined;
  if (existingTime !== undefined && toSecond(existingTime) === toSecond(updatedAt)) return false;
  // Both times are Shopify's.
  return Date.parse(triggeredAt) - Date.parse(updatedAt) <= TOLD_WITHIN_MS;
}

/**
 * How a customer's snapshot is asked for after a webhook. `durable`: it is recorded by id before the delivery is answered,
 * because nothing else would find it after a crash. `plain`: reconciling finds it (docs/crash-safety.md). `none`: what is
 * stored is later, or gone for good.
 *
 * A changed metafield may leave `updated_at` and the profile as they were, so a duplicate asks too.
 * @param triggeredAt X-Shopify-Triggered-At
 */
export function toAsk(
  change: SavedChange,
  customer: Customer,
  triggeredAt: string | undefined,
): 'durable' | 'plain' | 'none' {
  const { saved, existing } = change;
  switch (saved) {
    case 'stale':
      // A stored time that is not Shopify's says nothing of what is later at Shopify.
      return 'snapshotAt' in existing && existing.snapshotAt !== undefined ? 'durable' : 'none';
    case 'deleted':
      return existing.by === 'tombstone' && existing.inferred ? 'durable' : 'none';
    case 'duplicate':
    case 'tie':
      return 'durable';
    case 'written':
      return hasMovedTime(change, customer, triggeredAt) ? 'plain' : 'durable';
  }
}
