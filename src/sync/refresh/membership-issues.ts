import { isDeepStrictEqual } from 'node:util';
import type { Standing } from '../../customers/entitlements.ts';
import type { AttentionNotes } from '../../ledger/attention.ts';
import type { Applied } from '../../users/store.ts';

export interface MembershipNotesDeps {
  readonly attention: AttentionNotes;
  readonly now: () => Date;
}

/** What a person should know of the membership of some customers of a shop, as it stood when it was read. */
export interface MembershipNotes {
  /** Whether exactly this is noted of a customer; no codes: nothing is. */
  say(shopifyId: string, codes: readonly string[]): boolean;
  /** Keeps, renews or takes away what is noted of a customer; where nothing is and nothing was, no call. */
  set(shopifyId: string, codes: readonly string[]): Promise<void>;
}

/** What is to be noted of a customer after their snapshot was applied. */
export const codesOf = ({ attention }: Standing, applied: Applied): readonly string[] =>
  applied === 'refused' ? [...attention, 'item_refused'] : attention;

/** @throws AppError `store_failed`, and so do the notes */
export async function readMembershipNotes(
  { attention, now }: MembershipNotesDeps,
  shop: string,
  shopifyIds: readonly string[],
): Promise<MembershipNotes> {
  const noted = await attention.ofMembership(shop, shopifyIds);

  return {
    say: (shopifyId, codes) => isDeepStrictEqual(noted.get(shopifyId) ?? [], codes),

    async set(shopifyId, codes) {
      if (codes.length > 0)
        await attention.put(shop, { shopifyId, subject: 'membership', codes, since: now().toISOString() });
      else if (noted.has(shopifyId)) await attention.clear(shop, shopifyId, 'membership');
    },
  };
}
