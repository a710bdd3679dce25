import type { DeadLetterEntry } from '../../ledger/dead-letters.ts';
import type { SyncContext } from '../sync-context.ts';

/** Something that a person should look at. */
export interface Attention {
  readonly code: string;
  readonly message: string;
  /** Whom it is about; null: the whole shop, or somebody whom only an e-mail names. */
  readonly user_id: string | null;
  /** By when it has to be done; null: there is no such time. */
  readonly deadline: string | null;
  /** How many people it is about, if it is about no single one; null: nobody counts them. */
  readonly count: number | null;
}

/** People of whom something is shown. To count the others would be to read them all, every time the page asks. */
const SHOWN = 100;

export const MESSAGES: Readonly<Record<string, string>> = {
  several_plans: 'Has the tags of several membership plans; the one of the highest tier counts',
  unknown_plan: 'Has the tag of a membership plan that does not exist',
  plan_gone: 'Is assigned a membership plan that was deleted',
  not_a_plan: 'Is assigned something that is no membership plan',
  item_refused: 'DynamoDB refuses changes of this user: look at what other programs wrote to the item',
  admin_merged_away: 'An admin was merged into this person: decide whether they are to be an admin',
  roles_not_transferred: 'Shopify refuses to give this person the roles of the one who was merged into them',
};

/** So many reconciles in a row that repair without any delivery mean that deliveries do not arrive. */
const SILENT_REPAIRS = 3;

/** What is about the whole shop. */
export function toShopAttention(
  { silentRepairs, withheld }: { readonly silentRepairs: number; readonly withheld: readonly string[] },
  removals: number,
): Attention[] {
  const about = (code: string, message: string, count: number | null) => [
    { code, message, user_id: null, deadline: null, count },
  ];
  return [
    ...(removals > 0
      ? about(
          'removals_unconfirmed',
          `${removals} users are no longer in Shopify: say whether they may be removed`,
          removals,
        )
      : []),
    ...(withheld.length > 0
      ? about(
          'protected_data',
          `Shopify withholds ${withheld.join(', ')}: apply for protected customer data, level 2, for names and e-mail`,
          null,
        )
      : []),
    ...(silentRepairs >= SILENT_REPAIRS
      ? about(
          'webhooks_silent',
          'Changes are found by reconciling alone: look at the webhook subscriptions and their address',
          null,
        )
      : []),
  ];
}

/**
 * What is about single people, and the privacy requests that wait; at most a hundred people. A refused item is told with
 * what a dead letter says of it.
 * @throws AppError `store_failed`
 */
export async function listAttention(
  { usersOf, ledger }: Pick<SyncContext, 'usersOf' | 'ledger'>,
  shop: string,
  deadLetters: Promise<readonly DeadLetterEntry[]>,
): Promise<{ readonly attention: readonly Attention[]; readonly hasMore: boolean }> {
  const users = usersOf(shop);
  const [issues, requests, letters] = await Promise.all([
    ledger.attention.list(shop, SHOWN + 1),
    ledger.privacyRequests.open(shop),
    deadLetters,
  ]);
  const refusals = new Map(letters.map(({ shopify_id: id, topic, reason }) => [id, `${topic}: ${reason}`]));
  const aboutPeople = await Promise.all(
    issues.slice(0, SHOWN).map(async ({ shopifyId, codes }) => {
      const user_id = await users.userIdOf(shopifyId);
      return codes.map((code) => ({
        code,
        message: (code === 'item_refused' ? refusals.get(shopifyId) : undefined) ?? MESSAGES[code] ?? code,
        user_id,
        deadline: null,
        count: null,
      }));
    }),
  );
  const aboutRequests = await Promise.all(
    requests.map(async ({ topic, deadline, shopifyId }) => ({
      code: topic,
      message: `${topic} has to be done by ${deadline.slice(0, 10)}`,
      user_id: shopifyId === undefined ? null : await users.userIdOf(shopifyId),
      deadline,
      count: null,
    })),
  );
  return { attention: [...aboutRequests, ...aboutPeople.flat()], hasMore: issues.length > SHOWN };
}
