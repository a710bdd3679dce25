import { GetCommand, PutCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Customer } from '../customers/customer.ts';
import type { Entitlements } from '../customers/entitlements.ts';
import { precedenceOf } from '../customers/precedence.ts';
import type { Snapshot } from '../customers/snapshot.ts';
import { AppError } from '../errors.ts';
import {
  absenceCommand,
  byShopifyIdQuery,
  finalTombstoneCommand,
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
import { toSaved, type SavedChange } from './saved.ts';
import { listShopifyIds } from './lists/list-shopify-ids.ts';
import { differingNames, snapshotCommand } from './snapshot-commands.ts';
import { classifySnapshot, type SnapshotDecision } from './classify-snapshot.ts';
import { isInferredTombstone, toStored, type StoredItem } from './stored-state.ts';
import { userIdOf } from './user-id.ts';

/**
 * The outcome of a snapshot. `unchanged`: the item is equal. `conflict`: the item was written since it was read; read it
 * and fetch the snapshot again. `outdated`: the item is newer; Shopify answered from an older state. `refused`: DynamoDB
 * does not accept the item, for example because other programs filled it; a retry does not help.
 */
export type Applied = 'written' | 'unchanged' | 'conflict' | 'outdated' | 'deleted' | 'refused';

interface ApplyOptions {
  /** Called after a write with its write units, table and indexes together. */
  readonly onCapacityUsed?: (units: number) => void;
  /** Whether it is applied although the stored time is ahead, which stays. */
  readonly force?: boolean;
}

/** The users of one shop. */
export interface Users {
  /** The user_id of a customer, existing or not. */
  userIdOf(shopifyId: string): Promise<string>;
  /** Applies a customer's change: one write; on engines without the old item in the error one read more. */
  save(customer: Customer): Promise<SavedChange>;
  /** The items of customers by Shopify id, strongly consistent unless asked otherwise. */
  getItems(shopifyIds: readonly string[], consistent?: boolean): Promise<ReadonlyMap<string, StoredItem>>;
  /**
   * How a user is not what a snapshot says: the names of attributes. Of a tombstone nothing is expected, unless it was
   * inferred from absence.
   */
  differences(snapshot: Snapshot, entitlements: Entitlements, stored: StoredItem): readonly string[];
  /**
   * Writes a snapshot to a user, on the condition that the item is as read: one write at most.
   */
  applySnapshot(
    snapshot: Snapshot,
    entitlements: Entitlements,
    stored: StoredItem,
    options?: ApplyOptions,
  ): Promise<Applied>;
  /** What to do with a snapshot that was taken before the item was read; see classify-snapshot.ts. */
  classifySnapshot(snapshot: Snapshot, entitlements: Entitlements, stored: StoredItem): SnapshotDecision;
  /**
   * Deletes the person behind a Shopify id for good, also one never seen: one write; two where the deletion had been
   * inferred from absence.
   */
  tombstone(shopifyId: string): Promise<'written' | 'duplicate'>;
  /**
   * Deletes a person whom Shopify does not have any more although nobody has told, until a snapshot shows them again: one
   * write, under the lock of the item that was read before. `deleted`: they are already. `conflict`: somebody wrote
   * since, or it is not known when Shopify created them, so nothing is removed.
   */
  removeAbsent(shopifyId: string, stored: StoredItem): Promise<'written' | 'conflict' | 'deleted'>;
  /** Erases the person behind a Shopify id, with what other programs have written of them: three calls at most. */
  redact(shopifyId: string): Promise<void>;
  /** Eventually consistent by default. Undefined if missing, deleted, or another shop's. */
  getById(userId: string, consistent?: boolean): Promise<User | undefined>;
  /** Like getById, from the index. */
  getByShopifyId(shopifyId: string): Promise<User | undefined>;
  /**
   * A page of a list, newest first, eventually consistent. Only the last page is shorter than the limit (1 to 100), and it
   * has no cursor.
   * @throws AppError `cursor_invalid`
   */
  list(query: UserQuery, page: PageRequest): Promise<UserPage>;
  /** The number of rows in a list's index, eventually consistent; see countList for its cost. */
  count(query: UserQuery): Promise<number>;
  readonly members: Members;
  readonly tombstones: Tombstones;
  /** The Shopify ids of all users, by pages of the shop's index, eventually consistent. */
  shopifyIds(): AsyncGenerator<readonly string[]>;
}

/** The most items of one BatchGetItem. */
const BATCH = 100;

export interface UsersDeps extends ListingDeps {
  readonly now: () => Date;
}

const isRefused = (error: unknown) => error instanceof AppError && error.code === 'item_refused';

/**
 * The store of one shop's users.
 * @throws AppError `store_failed` from every function if DynamoDB does not answer or refuses for now; `item_refused`
 * from save, tombstone and removeAbsent if it will never take this item
 */
export function createUsers(deps: UsersDeps): Users {
  const { client } = deps;

  async function getItem(userId: string, ConsistentRead: boolean): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ ...getCommand(deps, userId), ConsistentRead }));
    return Item;
  }

  /** The item that has just refused a write. */
  async function getExisting(userId: string): Promise<Item> {
    const existing = await getItem(userId, true);
    // The item expired between the refusal and the read: repeating the delivery settles it.
    if (existing === undefined) throw new AppError('store_failed', 'The item has just expired');
    return existing;
  }

  /** Sends a conditional update; resolves to the item that stands in its way, or undefined if it was written. */
  async function updateOrRead(input: UpdateCommandInput, userId: string): Promise<Item | undefined> {
    const outcome = await update(client, input);
    return outcome.written ? undefined : (outcome.existing ?? getExisting(userId));
  }

  /** Makes a tombstone that no snapshot lifts. */
  async function tombstone(shopifyId: string): Promise<'written' | 'duplicate'> {
    const userId = await userIdOf(deps, shopifyId);
    const existing = await updateOrRead(tombstoneCommand(deps, userId, deps.now()), userId);
    if (existing === undefined) return 'written';
    if (!isInferredTombstone(existing)) return 'duplicate';
    const { written } = await update(client, finalTombstoneCommand(deps, userId, deps.now()));
    // Lifted, or made final by another delivery, in this moment.
    return written ? 'written' : tombstone(shopifyId);
  }

  return {
    userIdOf: (shopifyId) => userIdOf(deps, shopifyId),

    save: (customer) =>
      orStoreFailed(async () => {
        const userId = await userIdOf(deps, customer.id);
        const outcome = await update(client, saveCommand(deps, userId, customer));
        if (outcome.written) return { saved: 'written', existing: toStored(outcome.returned) };
        const existing = toStored(outcome.existing ?? (await getExisting(userId)));
        return { saved: toSaved(customer, existing), existing };
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

    differences(snapshot, entitlements, stored) {
      const isGone = toStored(stored).by === 'tombstone' && !isInferredTombstone(stored);
      return isGone ? [] : differingNames(deps, snapshot, entitlements, stored);
    },

    applySnapshot: (snapshot, entitlements, stored, { onCapacityUsed, force = false } = {}) =>
      orStoreFailed(async () => {
        const { id, updatedAt = '' } = snapshot.customer;
        const precedence = precedenceOf({ by: 'snapshot', updatedAt }, toStored(stored));
        if (precedence === 'deleted') return 'deleted';
        if (precedence === 'stale' && !force) return 'outdated';
        const userId = await userIdOf(deps, id);
        const command = snapshotCommand(deps, userId, snapshot, entitlements, stored, force);
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

    tombstone: (shopifyId) => orStoreFailed(() => tombstone(shopifyId)),

    removeAbsent: (shopifyId, stored) =>
      orStoreFailed(async () => {
        if (toStored(stored).by === 'tombstone') return 'deleted';
        if (typeof stored?.['created_at'] !== 'string') return 'conflict';
        const userId = await userIdOf(deps, shopifyId);
        const existing = await updateOrRead(
          absenceCommand(deps, userId, stored['revision'], deps.now()),
          userId,
        );
        if (existing === undefined) return 'written';
        return toStored(existing).by === 'tombstone' ? 'deleted' : 'conflict';
      }),

    redact: (shopifyId) =>
      orStoreFailed(async () => {
        const userId = await userIdOf(deps, shopifyId);
        await tombstone(shopifyId).catch((error: unknown) => {
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
