import { GetCommand, PutCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Customer } from '../customers/customer.ts';
import type { Entitlements } from '../customers/entitlements.ts';
import { precedenceOf } from '../customers/precedence.ts';
import type { Snapshot } from '../customers/snapshot.ts';
import { AppError } from '../errors.ts';
import {
  absenceCommand,
  byShopifyIdQuery,
  getCommand,
  redactedItem,
  saveCommand,
  tombstoneCommand,
} from './commands.ts';
import { orStoreFailed, update, type Item } from '../dynamodb/conditional-update.ts';
import { countList } from './lists/count.ts';
import { createMembers, type Members } from './members.ts';
import { createTombstones, type Tombstones } from './tombstones.ts';
import { queryPages } from '../dynamodb/query-pages.ts';
import { hydrate } from './lists/hydrate.ts';
import { toUser, type User } from './item.ts';
import type { UserQuery } from './lists/list-query.ts';
import { listPage, type ListingDeps, type PageRequest, type UserPage } from './lists/list-page.ts';
import { toSaved, type Saved } from './saved.ts';
import { listShopifyIds } from './lists/list-shopify-ids.ts';
import { differingNames, snapshotCommand } from './snapshot-commands.ts';
import { classifySnapshot, type SnapshotDecision } from './classify-snapshot.ts';
import { toStored, type StoredItem } from './stored-state.ts';
import { userIdOf } from './user-id.ts';

/**
 * What became of a snapshot. `unchanged`: the item was like it. `conflict`: somebody wrote since the item was read, so read
 * and ask again. `outdated`: a newer change stands, so Shopify answered from an older state. `refused`: DynamoDB takes no
 * such item, because other programs have filled it, say; to try again is of no use.
 */
export type Applied = 'written' | 'unchanged' | 'conflict' | 'outdated' | 'deleted' | 'refused';

/** The users of one shop. */
export interface Users {
  /** The user_id of a customer, whether they are there or not. */
  userIdOf(shopifyId: string): Promise<string>;
  /** Applies a customer's change: one write; on engines without the old item in the error one read more. */
  save(customer: Customer): Promise<Saved>;
  /** The items of customers by Shopify id, strongly consistent unless asked otherwise. */
  getItems(shopifyIds: readonly string[], consistent?: boolean): Promise<ReadonlyMap<string, StoredItem>>;
  /** How a user is not what a snapshot says: the names of attributes. Of a tombstone nothing is expected. */
  differences(snapshot: Snapshot, entitlements: Entitlements, stored: StoredItem): readonly string[];
  /**
   * Makes a user what a snapshot says, under the lock of the item that was read before: one write at most.
   * @param onCapacityUsed is told the write units of table and indexes as DynamoDB counts them, if something was written
   */
  applySnapshot(
    snapshot: Snapshot,
    entitlements: Entitlements,
    stored: StoredItem,
    onCapacityUsed?: (units: number) => void,
  ): Promise<Applied>;
  /** What an item that is read now has to do with a snapshot that was taken before. */
  classifySnapshot(snapshot: Snapshot, entitlements: Entitlements, stored: StoredItem): SnapshotDecision;
  /** Deletes the person behind a Shopify id for good, also one never seen: one write. */
  tombstone(shopifyId: string): Promise<'written' | 'duplicate'>;
  /**
   * Deletes a user whom Shopify has no more, by their absence alone: a later snapshot may bring them back.
   * @param stored as it was read before Shopify said so; `conflict`: somebody has written since
   */
  removeAbsent(shopifyId: string, stored: StoredItem): Promise<'written' | 'conflict' | 'deleted'>;
  /** Erases the person behind a Shopify id, with what other programs have written of them: three calls at most. */
  redact(shopifyId: string): Promise<void>;
  /** Eventually consistent unless asked otherwise. Undefined for nobody, another shop's user and the deleted. */
  getById(userId: string, consistent?: boolean): Promise<User | undefined>;
  /** Like getById, from the index. */
  getByShopifyId(shopifyId: string): Promise<User | undefined>;
  /**
   * A page of a list, newest first, eventually consistent. A page is shorter than the limit (1 to 100) only if it is
   * the last one, and then there is no cursor.
   * @throws AppError `cursor_invalid`
   */
  list(query: UserQuery, page: PageRequest): Promise<UserPage>;
  /** How many rows the index of a list has, eventually consistent; see countList. */
  count(query: UserQuery): Promise<number>;
  readonly members: Members;
  readonly tombstones: Tombstones;
  /** The Shopify ids of all who were born in Shopify, by pages of the shop's index, eventually consistent. */
  shopifyIds(): AsyncGenerator<readonly string[]>;
}

/** As many items as DynamoDB gives at once. */
const BATCH = 100;

export interface UsersDeps extends ListingDeps {
  readonly now: () => Date;
}

const isRefused = (error: unknown) => error instanceof AppError && error.code === 'item_refused';

/**
 * The store of one shop's users.
 * @throws AppError `store_failed` from every function if DynamoDB does not answer or refuses for now; `item_refused`
 * from save and tombstone if it will never take this item
 */
export function createUsers(deps: UsersDeps): Users {
  const { client } = deps;

  async function getItem(userId: string, ConsistentRead: boolean): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ ...getCommand(deps, userId), ConsistentRead }));
    return Item;
  }

  /** Sends a conditional update; resolves to the item that stands in its way, or undefined if it was written. */
  async function updateOrRead(input: UpdateCommandInput, userId: string): Promise<Item | undefined> {
    const outcome = await update(client, input);
    if (outcome.written) return undefined;
    const existing = outcome.existing ?? (await getItem(userId, true));
    // The item expired between the refusal and the read: repeating the delivery settles it.
    if (existing === undefined) throw new AppError('store_failed', 'The item has just expired');
    return existing;
  }

  return {
    userIdOf: (shopifyId) => userIdOf(deps, shopifyId),

    save: (customer) =>
      orStoreFailed(async () => {
        const userId = await userIdOf(deps, customer.id);
        const existing = await updateOrRead(saveCommand(deps, userId, customer), userId);
        return existing === undefined ? 'written' : toSaved(customer, existing);
      }),

    getItems: (shopifyIds, consistent = true) =>
      orStoreFailed(async () => {
        const userIds = await Promise.all(shopifyIds.map((id) => userIdOf(deps, id)));
        const batches = [];
        for (let start = 0; start < userIds.length; start += BATCH)
          batches.push(hydrate(client, deps.table, userIds.slice(start, start + BATCH), consistent));
        const items = (await Promise.all(batches)).flat();
        const byUserId = new Map(items.map((item) => [item['user_id'], item]));
        return new Map(shopifyIds.map((id, n) => [id, byUserId.get(userIds[n])]));
      }),

    differences: (snapshot, entitlements, stored) =>
      toStored(stored).by === 'tombstone' ? [] : differingNames(deps, snapshot, entitlements, stored),

    applySnapshot: (snapshot, entitlements, stored, onCapacityUsed) =>
      orStoreFailed(async () => {
        const { id, updatedAt = '' } = snapshot.customer;
        const precedence = precedenceOf({ by: 'snapshot', updatedAt }, toStored(stored));
        if (precedence === 'deleted') return 'deleted';
        if (precedence === 'stale') return 'outdated';
        const command = snapshotCommand(deps, await userIdOf(deps, id), snapshot, entitlements, stored);
        if (command === undefined) return 'unchanged';
        try {
          const outcome = await update(client, {
            ...command,
            ...(onCapacityUsed && { ReturnConsumedCapacity: 'TOTAL' }),
          });
          if (!outcome.written) return 'conflict';
          if (outcome.units !== undefined) onCapacityUsed?.(outcome.units);
          return 'written';
        } catch (error) {
          if (isRefused(error)) return 'refused';
          throw error;
        }
      }),

    classifySnapshot: (snapshot, entitlements, stored) =>
      classifySnapshot(deps, snapshot, entitlements, stored),

    tombstone: (shopifyId) =>
      orStoreFailed(async () => {
        const userId = await userIdOf(deps, shopifyId);
        const existing = await updateOrRead(tombstoneCommand(deps, userId, deps.now()), userId);
        return existing === undefined ? 'written' : 'duplicate';
      }),

    removeAbsent: (shopifyId, stored) =>
      orStoreFailed(async () => {
        const userId = await userIdOf(deps, shopifyId);
        const outcome = await update(client, absenceCommand(deps, userId, stored, deps.now()));
        if (outcome.written) return 'written';
        const existing = outcome.existing ?? (await getItem(userId, true));
        return toStored(existing).by === 'tombstone' ? 'deleted' : 'conflict';
      }),

    redact: (shopifyId) =>
      orStoreFailed(async () => {
        const userId = await userIdOf(deps, shopifyId);
        const tombstone = tombstoneCommand(deps, userId, deps.now());
        await updateOrRead(tombstone, userId).catch((error: unknown) => {
          // A full item has no room for the marks of a tombstone; what takes its place needs none.
          if (!isRefused(error)) throw error;
        });
        const revision = Number((await getItem(userId, true))?.['revision'] ?? 0) + 1;
        await client.send(new PutCommand(redactedItem(deps, userId, revision, deps.now())));
      }),

    getById: (userId, consistent = false) =>
      orStoreFailed(async () => {
        const item = await getItem(userId, consistent);
        return item === undefined ? undefined : toUser(deps, item);
      }),

    getByShopifyId: (shopifyId) =>
      orStoreFailed(async () => {
        for await (const items of queryPages(client, byShopifyIdQuery(deps, shopifyId)))
          for (const item of items) {
            const user = toUser(deps, item);
            if (user !== undefined) return user;
          }
        return undefined;
      }),

    list: (query, page) => orStoreFailed(() => listPage(deps, query, page)),

    count: (query) => countList(deps, query),
    members: createMembers(deps),
    tombstones: createTombstones(deps),
    shopifyIds: () => listShopifyIds(deps),
  };
}
