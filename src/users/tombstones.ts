import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { getCommand } from './commands.ts';
import { orStoreFailed, update } from '../dynamodb/conditional-update.ts';
import { fromScoped } from './item.ts';
import type { ListingDeps } from './lists/list-page.ts';
import { userIdOf } from './user-id.ts';

/** The roles and plan of a deleted customer that a merge may transfer. */
export interface RetainedRoles {
  readonly isAdmin: boolean;
  readonly isFeaturedAuthor: boolean;
  /** The gid of the plan that a metafield named; plans by tag move with the tags, which Shopify merges. */
  readonly planGid: string | null;
}

interface Tombstone {
  readonly retained: RetainedRoles;
  /** The kept customer, once everything retained is transferred; undefined: not yet, or no merge. */
  readonly mergedInto: string | undefined;
}

/** The tombstones of one shop's customers. */
export interface Tombstones {
  /** Undefined: no tombstone, or the person was erased. */
  find(shopifyId: string): Promise<Tombstone | undefined>;
  /** Replaces what is retained by the kept customer's id, once it is transferred. */
  settle(shopifyId: string, keptId: string): Promise<void>;
}

const plan = z.object({ gid: z.string(), source: z.literal('metafield') });
const tombstone = z.object({
  deleted_at: z.string(),
  redacted_at: z.undefined().optional(),
  was_admin: z.string().catch('false'),
  was_featured_author: z.string().catch('false'),
  was_membership: plan.nullable().catch(null),
  merged_into: z.string().optional(),
});

/** @throws AppError `store_failed` from both functions */
export function createTombstones(deps: ListingDeps): Tombstones {
  const { client, table } = deps;
  const isTrue = (value: string) => fromScoped(deps, value) === 'true';

  return {
    find: (shopifyId) =>
      orStoreFailed(async () => {
        const key = getCommand(deps, await userIdOf(deps, shopifyId));
        const { Item } = await client.send(new GetCommand({ ...key, ConsistentRead: true }));
        const item = tombstone.safeParse(Item).data;
        if (item === undefined) return undefined;
        const retained = {
          isAdmin: isTrue(item.was_admin),
          isFeaturedAuthor: isTrue(item.was_featured_author),
          planGid: item.was_membership?.gid ?? null,
        };
        return { retained, mergedInto: item.merged_into };
      }),

    settle: (shopifyId, keptId) =>
      orStoreFailed(async () => {
        await update(client, {
          TableName: table,
          Key: { user_id: await userIdOf(deps, shopifyId) },
          UpdateExpression:
            'SET merged_into = :kept REMOVE was_admin, was_featured_author, was_membership ADD revision :one',
          // If it has expired or was erased, there is nothing to settle.
          ConditionExpression: 'attribute_exists(deleted_at) AND attribute_not_exists(redacted_at)',
          ExpressionAttributeValues: { ':kept': keptId, ':one': 1 },
        });
      }),
  };
}
