import { isDeepStrictEqual } from 'node:util';
import type { Entitlements } from '../../customers/entitlements.ts';
import type { Applied } from '../../users/store.ts';
import type { SyncContext } from '../sync-context.ts';

/** What a person should know of the membership of some customers of a shop, as it stood when it was read. */
export interface MembershipIssues {
  /** Whether exactly this is noted of a customer; no codes: nothing is. */
  isRecorded(shopifyId: string, codes: readonly string[]): boolean;
  /** Keeps, renews or takes away what is noted of a customer; where nothing is and nothing was, no call. */
  record(shopifyId: string, codes: readonly string[]): Promise<void>;
}

/** What is to be recorded of a customer after their snapshot was applied; undefined: whatever is stays so. */
export function codesOf({ attention, plan }: Entitlements, applied?: Applied): readonly string[] | undefined {
  if (applied === 'refused') return [...attention, 'item_refused'];
  return plan === undefined ? undefined : attention;
}

/** @throws AppError `store_failed`, and so does `record` */
export async function readMembershipIssues(
  { ledger: { attention }, now }: Pick<SyncContext, 'ledger' | 'now'>,
  shop: string,
  shopifyIds: readonly string[],
): Promise<MembershipIssues> {
  const noted = await attention.ofMembership(shop, shopifyIds);

  return {
    isRecorded: (shopifyId, codes) => isDeepStrictEqual(noted.get(shopifyId) ?? [], codes),

    async record(shopifyId, codes) {
      if (codes.length > 0)
        await attention.put(shop, { shopifyId, subject: 'membership', codes, since: now().toISOString() });
      else if (noted.has(shopifyId)) await attention.clear(shop, shopifyId, 'membership');
    },
  };
}
