import type { Change } from './change.ts';
import { toSecond } from './instant.ts';

/**
 * What arrives about a customer.
 * - `webhook`: a change, or undefined if it says nothing but the id.
 * - `snapshot`: what Shopify answered after the stored state had been read.
 * - `listing`: a snapshot that was taken before the stored state was read, as a line of a bulk operation is.
 * - `tombstone`: that the customer is gone, by Shopify's own word.
 */
export type Incoming =
  | { readonly by: 'webhook'; readonly change: Change | undefined }
  | { readonly by: 'snapshot' | 'listing'; readonly updatedAt: string }
  | { readonly by: 'tombstone' };

/** The stored state and what wrote it. Without `updatedAt`, another program wrote it, or a message with only an id. */
export type Stored =
  | { readonly by: 'nobody' }
  | {
      readonly by: 'tombstone';
      /** Nobody told the deletion: the customer was missing in what Shopify lists. */
      readonly inferred: boolean;
    }
  | {
      readonly by: 'webhook' | 'snapshot';
      readonly updatedAt: string | undefined;
      readonly digest: string | undefined;
      /**
       * The time of the snapshot that was applied although `updatedAt` was ahead of it: Shopify's own word. Undefined: the
       * two are the same.
       */
      readonly snapshotAt?: string | undefined;
    };

/**
 * Whether what arrives wins, or why not. `stale`: something newer is stored. `duplicate`: the same is. `tie`: another
 * state of the same second is stored, and nothing tells which is newer. `deleted`: the person is gone.
 */
export type Precedence = 'wins' | 'stale' | 'duplicate' | 'tie' | 'deleted';

/**
 * Decides who wins, in any order of arrival:
 *
 * 1. A tombstone absorbs: nothing brings the person back, and the first one stands. One that was inferred from absence
 *    yields to a snapshot, which shows the customer, and to a deletion that is told, which makes it final; a webhook may
 *    be older than the absence, and so may a listing.
 * 2. Whoever is not stored, or has no time, takes what arrives. An id alone only makes sure that there is somebody.
 * 3. The later `updated_at` wins, by whole seconds, stored ones too: it never goes back.
 * 4. Shopify's Admin API tells no more than the second, so two changes of one are common. Of two webhooks the greater digest
 *    wins: every order of deliveries ends in the same one. A snapshot tells the truth, so it stands before every
 *    webhook of its second; a later change in that second is a tie, and has the snapshot fetched again.
 * 5. A snapshot that was taken after the stored state had been read is the later of the two. Of one that was taken
 *    before, nothing is known: a changed metafield may leave `updated_at` as it was.
 * 6. A stored time that stays ahead of every snapshot is none of Shopify's, so in the end a snapshot is applied all the
 *    same (sync/refresh/settle-outdated.ts). For webhooks the stored time goes on counting, so that the one which brought
 *    it does not win again; for snapshots Shopify's own does.
 */
export function precedenceOf(incoming: Incoming, stored: Stored): Precedence {
  if (stored.by === 'tombstone') return overTombstone(incoming, stored.inferred);
  if (incoming.by === 'tombstone' || stored.by === 'nobody') return 'wins';
  if (incoming.by === 'webhook') {
    if (incoming.change === undefined) return 'duplicate';
    const byTime = compareTimes(incoming.change.updatedAt, stored.updatedAt);
    if (byTime !== 'tie') return byTime;
    const { digest } = incoming.change;
    if (digest === stored.digest) return 'duplicate';
    const isGreater = stored.digest !== undefined && stored.digest < digest;
    return stored.by === 'webhook' && isGreater ? 'wins' : 'tie';
  }
  const byTime = compareTimes(incoming.updatedAt, stored.snapshotAt ?? stored.updatedAt);
  return byTime === 'tie' && incoming.by === 'snapshot' ? 'wins' : byTime;
}

function overTombstone({ by }: Incoming, inferred: boolean): Precedence {
  if (!inferred) return by === 'tombstone' ? 'duplicate' : 'deleted';
  if (by === 'webhook') return 'deleted';
  return by === 'listing' ? 'tie' : 'wins';
}

function compareTimes(incoming: string, stored: string | undefined): 'wins' | 'stale' | 'tie' {
  if (stored === undefined || toSecond(stored) < toSecond(incoming)) return 'wins';
  return toSecond(stored) > toSecond(incoming) ? 'stale' : 'tie';
}
