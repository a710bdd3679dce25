import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { changeOf, compareChanges } from '../customers/change.ts';
import type { Customer } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import { byShopifyIdQuery, getCommand, saveCommand, toUserId, tombstoneCommand } from './commands.ts';
import { toUser, type User } from './item.ts';
import type { UserQuery } from './list.ts';
import { listPage, type ListingDeps, type PageRequest, type UserPage } from './listing.ts';

/**
 * What became of a change. `stale`: a newer one stands. `duplicate`: it stands already. `tie`: another one of the
 * same second stands. `deleted`: the person is gone for good. None is an error.
 */
export type Saved = 'written' | 'stale' | 'duplicate' | 'tie' | 'deleted';

type Item = Readonly<Record<string, unknown>>;

/** The users of one shop. */
export interface Users {
  /** Applies a customer's change: one write; on engines without the old item in the error one read more. */
  save(customer: Customer): Promise<Saved>;
  /** Deletes the person behind a Shopify id for good, also one never seen: one write. */
  tombstone(shopifyId: string): Promise<'written' | 'duplicate'>;
  /** Eventually consistent. Undefined for nobody, another shop's user and the deleted. */
  getById(userId: string): Promise<User | undefined>;
  /** Like getById, from the index. */
  getByShopifyId(shopifyId: string): Promise<User | undefined>;
  /**
   * A page of a list, newest first, eventually consistent. A page is shorter than the limit (1 to 100) only if it is
   * the last one, and then there is no cursor.
   * @throws AppError `cursor_invalid`
   */
  list(query: UserQuery, page: PageRequest): Promise<UserPage>;
}

export interface UsersDeps extends ListingDeps {
  readonly now: () => Date;
}

function toOutcome(customer: Customer, standing: Item): Saved {
  if (standing['deleted_at'] !== undefined || standing['redacted_at'] !== undefined) return 'deleted';
  const change = changeOf(customer);
  // An id alone says nothing that could be older or newer: the user is there, which is all it asked for.
  if (change === undefined) return 'duplicate';
  const { shopify_updated_at: updatedAt, source_digest: digest } = standing;
  const order = compareChanges(change, { updatedAt: String(updatedAt), digest: String(digest) });
  if (order === 0) return 'duplicate';
  return change.updatedAt === updatedAt ? 'tie' : 'stale';
}

/**
 * The store of one shop's users.
 * @throws AppError `store_failed` from every function if DynamoDB does not answer or refuses
 */
export function createUsers(deps: UsersDeps): Users {
  const { client } = deps;

  async function getItem(userId: string, ConsistentRead: boolean): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ ...getCommand(deps, userId), ConsistentRead }));
    return Item;
  }

  /** Sends a conditional update; resolves to the item that stands in its way, or undefined if it was written. */
  async function update(input: UpdateCommandInput, userId: string): Promise<Item | undefined> {
    try {
      await client.send(new UpdateCommand(input));
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The document client does not translate the items of errors.
      const standing = error.Item === undefined ? await getItem(userId, true) : unmarshall(error.Item);
      // The item expired between the refusal and the read: repeating the delivery settles it.
      if (standing === undefined) throw error;
      return standing;
    }
  }

  return {
    save: (customer) =>
      orStoreFailed(async () => {
        const standing = await update(saveCommand(deps, customer), toUserId(deps, customer.id));
        return standing === undefined ? 'written' : toOutcome(customer, standing);
      }),

    tombstone: (shopifyId) =>
      orStoreFailed(async () => {
        const command = tombstoneCommand(deps, shopifyId, deps.now());
        const standing = await update(command, toUserId(deps, shopifyId));
        return standing === undefined ? 'written' : 'duplicate';
      }),

    getById: (userId) =>
      orStoreFailed(async () => {
        const item = await getItem(userId, false);
        return item === undefined ? undefined : toUser(deps, item);
      }),

    getByShopifyId: (shopifyId) =>
      orStoreFailed(async () => {
        let start: Item | undefined;
        do {
          const page = await client.send(
            new QueryCommand({ ...byShopifyIdQuery(deps, shopifyId), ExclusiveStartKey: start }),
          );
          for (const item of page.Items ?? []) {
            const user = toUser(deps, item);
            if (user !== undefined) return user;
          }
          start = page.LastEvaluatedKey;
        } while (start !== undefined);
        return undefined;
      }),

    list: (query, page) => orStoreFailed(() => listPage(deps, query, page)),
  };
}

async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('store_failed', 'DynamoDB did not carry out the request', { cause });
  }
}
