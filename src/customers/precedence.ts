import type { Change } from './change.ts';

/**
 * What arrives about a customer.
 * - `webhook`: a change; undefined if the message has only the id.
 * - `snapshot`: fetched from Shopify after the stored state was read.
 * - `listing`: a snapshot taken before the stored state was read, such as a line of a bulk operation.
 * - `tombstone`: the customer is deleted.
 */
export type Incoming =
  | { readonly by: 'webhook'; readonly change: Change | undefined }
  | { readonly by: 'snapshot' | 'listing'; readonly updatedAt: string }
  | { readonly by: 'tombstone' };

/** The stored state and what wrote it. Without `updatedAt`, another program wrote it, or a message with only an id. */
export type Stored =
  | { readonly by: 'nobody' }
  | { readonly by: 'tombstone' }
  | {
      readonly by: 'webhook' | 'snapshot';
      readonly updatedAt: string | undefined;
      readonly digest: string | undefined;
    };

/**
 * Whether what arrives wins, or why not. `stale`: a newer state is stored. `duplicate`: the same state is stored. `tie`:
 * another state of the same second is stored, and the order is unknown. `deleted`: a tombstone is stored.
 */
export type Precedence = 'wins' | 'stale' | 'duplicate' | 'tie' | 'deleted';

/**
 * Decides who wins, in any order of arrival:
 *
 * 1. A tombstone is final: nothing brings the person back, and the first tombstone is kept.
 * 2. What arrives wins over no stored state, and over a state without a time. A message with only an id creates a missing
 *    user and changes nothing else.
 * 3. The later `updated_at` wins. Shopify never moves it back.
 * 4. `updated_at` has whole seconds, so two changes often share one. Of two webhooks the greater digest wins: every order
 *    of deliveries ends in the same state. A snapshot is authoritative and beats every webhook of its second; a webhook
 *    of that second is a tie, and the caller fetches the snapshot again.
 * 5. A `snapshot` with an equal time wins, because it was fetched later. A `listing` with an equal time is a tie: a changed
 *    metafield may leave `updated_at` as it was.
 */
export function precedenceOf(incoming: Incoming, stored: Stored): Precedence {
  if (stored.by === 'tombstone') return incoming.by === 'tombstone' ? 'duplicate' : 'deleted';
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
  const byTime = compareTimes(incoming.updatedAt, stored.updatedAt);
  return byTime === 'tie' && incoming.by === 'snapshot' ? 'wins' : byTime;
}

function compareTimes(incoming: string, stored: string | undefined): 'wins' | 'stale' | 'tie' {
  if (stored === undefined || stored < incoming) return 'wins';
  return stored > incoming ? 'stale' : 'tie';
}
