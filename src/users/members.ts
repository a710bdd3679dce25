import { QueryCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Plan } from '../customers/plan.ts';
import { NOT_DELETED } from './commands.ts';
import { orStoreFailed, update } from '../dynamodb/conditional-update.ts';
import { hydrate } from './lists/hydrate.ts';
import { toScoped } from './item.ts';
import { listQuery, type Position } from './lists/list-query.ts';
import type { ListingDeps } from './lists/list-page.ts';
import { toMembership } from './snapshot-commands.ts';

/** A member of a plan, with what a fan-out needs. */
export interface Member {
  readonly userId: string;
  /** The gid of the plan; undefined: the membership is of before gids were kept. */
  readonly gid?: string | undefined;
  /** The handle under which the member stands. */
  readonly handle: string;
  readonly source: string;
  /** The plan's details as the member has them. */
  readonly copy: unknown;
}

interface MemberPage {
  readonly members: readonly Member[];
  /** Where the next page begins; undefined after the last page. */
  readonly next: Position | undefined;
}

/** The members of one shop's plans. */
export interface Members {
  /** A page of those who stand under a handle, as their items are now, whichever plan they are members of. */
  page(handle: string, limit: number, after: Position | undefined): Promise<MemberPage>;
  /** Copies a plan, its handle included, into a member, unless they have left it or have a newer copy. */
  copyPlan(member: Member, plan: Plan): Promise<boolean>;
  /** Takes the membership of a plan that is gone away, unless they have left it. */
  endMembership(member: Member, gid: string): Promise<boolean>;
}

const text = z.string().optional().catch(undefined);
const copied = z.object({ gid: text, source: z.string().catch('metafield') }).catch({ source: 'metafield' });
const item = z.object({
  user_id: z.string(),
  shop: z.string().optional(),
  membership_id: z.string(),
  membership: z.unknown().optional(),
});
const position = z.object({ user_id: z.string(), created_at: z.string() });

/** Whether a member stands under the plan's handle with a copy of the plan as it is here. */
export const hasCopy = ({ handle, copy, source }: Member, plan: Plan): boolean =>
  handle === plan.id && isDeepStrictEqual(copy, toMembership(plan, source));

/** @throws AppError `store_failed` from every function, `item_refused` from those that write */
export function createMembers(deps: ListingDeps): Members {
  const { client, table } = deps;

  async function page(handle: string, limit: number, after: Position | undefined): Promise<MemberPage> {
    const query = listQuery(deps, { by: 'membership', membershipId: handle }, limit, after);
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(query));
    const items = await hydrate(
      client,
      table,
      Items.map(({ user_id }) => String(user_id)),
      true,
    );
    const members = items
      .map((one) => item.safeParse(one).data)
      .filter((one) => one !== undefined)
      .filter(({ membership_id }) => membership_id === toScoped(deps, handle))
      // A deployment for one shop may have come after one for many.
      .filter(({ shop = deps.shop }) => shop === deps.shop)
      .map(({ user_id: userId, membership: copy }) => ({ userId, handle, copy, ...copied.parse(copy) }));
    return { members, next: LastEvaluatedKey === undefined ? undefined : position.parse(LastEvaluatedKey) };
  }

  async function write(
    userId: string,
    change: Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression'>,
    values: Record<string, unknown>,
  ): Promise<boolean> {
    const outcome = await update(client, {
      TableName: table,
      Key: { user_id: userId },
      ...change,
      ExpressionAttributeValues: { ...values, ':one': 1 },
    });
    return outcome.written;
  }

  // A handle may have become another plan's: the gid says whose member somebody is.
  const isMember = `${NOT_DELETED} AND (membership.gid = :gid OR (attribute_not_exists(membership.gid) AND membership_id = :handle))`;
  // Two edits within a second may have one version: the ledger's state counts, which every edit reaches in the end.
  const isNotNewer =
    '(attribute_not_exists(membership.gid) OR attribute_not_exists(membership.version) OR membership.version <= :version)';
  const toValues = ({ handle }: Member, gid: string) => ({ ':gid': gid, ':handle': toScoped(deps, handle) });

  return {
    page: (handle, limit, after) => orStoreFailed(() => page(handle, limit, after)),

    copyPlan: (member, plan) =>
      orStoreFailed(() =>
        write(
          member.userId,
          {
            UpdateExpression: 'SET membership = :membership, membership_id = :id ADD revision :one',
            ConditionExpression: `${isMember} AND ${isNotNewer}`,
          },
          {
            ...toValues(member, plan.gid),
            ':id': toScoped(deps, plan.id),
            ':membership': toMembership(plan, member.source),
            ':version': plan.version,
          },
        ),
      ),

    endMembership: (member, gid) =>
      orStoreFailed(() =>
        write(
          member.userId,
          {
            UpdateExpression: 'REMOVE membership, membership_id ADD revision :one',
            ConditionExpression: isMember,
          },
          toValues(member, gid),
        ),
      ),
  };
}
