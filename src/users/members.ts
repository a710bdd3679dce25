import { QueryCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
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
  /** The version of the member's copy of the plan; undefined: no copy. */
  readonly version?: string | undefined;
  readonly source: string;
}

interface MemberPage {
  readonly members: readonly Member[];
  /** Where the next page begins; undefined after the last page. */
  readonly next: Position | undefined;
}

/** The members of one shop's plans. */
export interface Members {
  /** A page of a plan's members, from their current items. */
  page(planId: string, limit: number, after: Position | undefined): Promise<MemberPage>;
  /** Copies a plan into a member's item. False: the member has left the plan, or has the same or a newer version. */
  copyPlan(member: Member, plan: Plan): Promise<boolean>;
  /** Removes the membership of a deleted plan. False: the member has left the plan. */
  endMembership(member: Member, planId: string): Promise<boolean>;
}

const item = z.object({
  user_id: z.string(),
  shop: z.string().optional(),
  membership_id: z.string(),
  membership: z
    .object({ version: z.string().optional().catch(undefined), source: z.string().catch('metafield') })
    .catch({ version: undefined, source: 'metafield' }),
});
const position = z.object({ user_id: z.string(), created_at: z.string() });

/** @throws AppError `store_failed` from every function, `item_refused` from those that write */
export function createMembers(deps: ListingDeps): Members {
  const { client, table } = deps;

  async function page(planId: string, limit: number, after: Position | undefined): Promise<MemberPage> {
    const query = listQuery(deps, { by: 'membership', membershipId: planId }, limit, after);
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
      .filter(({ membership_id }) => membership_id === toScoped(deps, planId))
      // In a one-shop deployment the literal key may also match rows of another shop, from before.
      .filter(({ shop = deps.shop }) => shop === deps.shop)
      .map(({ user_id: userId, membership }) => ({ userId, ...membership }));
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

  const isMember = `${NOT_DELETED} AND membership_id = :id`;

  return {
    page: (planId, limit, after) => orStoreFailed(() => page(planId, limit, after)),

    copyPlan: ({ userId, source }, plan) =>
      orStoreFailed(() =>
        write(
          userId,
          {
            UpdateExpression: 'SET membership = :membership ADD revision :one',
            ConditionExpression: `${isMember} AND (attribute_not_exists(membership.version) OR membership.version < :version)`,
          },
          {
            ':id': toScoped(deps, plan.id),
            ':membership': toMembership(plan, source),
            ':version': plan.version,
          },
        ),
      ),

    endMembership: ({ userId }, planId) =>
      orStoreFailed(() =>
        write(
          userId,
          {
            UpdateExpression: 'REMOVE membership, membership_id ADD revision :one',
            ConditionExpression: isMember,
          },
          { ':id': toScoped(deps, planId) },
        ),
      ),
  };
}
