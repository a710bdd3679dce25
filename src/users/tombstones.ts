import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { getCommand } from './commands.ts';
import { orStoreFailed, update } from '../dynamodb/conditional-update.ts';
import { fromScoped } from './item.ts';
import type { ListingDeps } from './lists/list-page.ts';
import { userIdOf } from './user-id.ts';

/** What a customer who is gone was on the platform, as far as it may move to another one. */
export interface RetainedRoles {
  readonly isAdmin: boolean;
  readonly isFeaturedAuthor: boolean;
  /** The gid of the plan that a metafield named; plans by tag move with the tags, which Shopify merges. */
  readonly planGid: string | null;
}

/** The tombstone of a customer. */
interface Tombstone {
  readonly retained: RetainedRoles;
  /** The customer they were merged into, once what they retained has moved; undefined: not yet, or never. */
  readonly mergedInto: string | undefined;
}

/** What is left of one shop's customers who are gone. */
export interface Tombstones {
  /** Undefined: no tombstone, or of a person who was erased. */
  find(shopifyId: string): Promise<Tombstone | undefined>;
  /** What was retained has moved: it is kept no longer, only where to. */
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
          // Expired or erased since: then there is nothing left to keep.
          ConditionExpression: 'attribute_exists(deleted_at) AND attribute_not_exists(redacted_at)',
          ExpressionAttributeValues: { ':kept': keptId, ':one': 1 },
        });
      }),
  };
}
