import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { AppError } from '../errors.ts';
import { queryPages } from '../dynamodb/query-pages.ts';
import { untilProcessed } from '../dynamodb/unprocessed.ts';

type Item = Readonly<Record<string, unknown>>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A condition or update expression with its values. */
export interface Expression {
  readonly text: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * The items of the ledger. A condition that does not hold is an answer, not an error. Items whose time is over are not
 * there: DynamoDB deletes them within days, other engines never.
 */
export interface Items {
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /** The existing items of these keys, in no order, strongly consistent. */
  getAll(keys: readonly Key[]): Promise<Item[]>;
  /** False if the condition fails. */
  put(item: Item & Key, condition?: Expression): Promise<boolean>;
  /** The item after the update; undefined if the condition fails. The values of both must have different names. */
  update(key: Key, update: Expression, condition?: Expression): Promise<Item | undefined>;
  /** False if the condition fails. */
  remove(key: Key, condition?: Expression): Promise<boolean>;
  /** Removes an item and resolves to it: empty if there was none, undefined if the condition fails. */
  take(key: Key, condition?: Expression): Promise<Item | undefined>;
  /** All items of a partition in the order of `sk`, strongly consistent, in pages of `pageSize` items or 1 MB. */
  list(pk: string, pageSize?: number): AsyncGenerator<Item>;
}

export interface ItemsDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
  readonly now: () => Date;
}

async function send<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) return undefined;
    throw new AppError('store_failed', 'DynamoDB does not answer about the ledger', { cause });
  }
}

function toInput(condition: Expression | undefined, update?: Expression) {
  const values = { ...update?.values, ...condition?.values };
  return {
    ...(condition !== undefined && { ConditionExpression: condition.text }),
    ...(update !== undefined && { UpdateExpression: update.text }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** The most items of one BatchGetItem. */
const BATCH = 100;

/** @throws AppError `store_failed` from every function if DynamoDB does not answer or refuses */
export function createItems({ client, table: TableName, now }: ItemsDeps): Items {
  const isAlive = ({ expires_at: expiresAt }: Item) =>
    typeof expiresAt !== 'number' || expiresAt * 1000 > now().getTime();

  return {
    async get(Key) {
      const answer = await send(() => client.send(new GetCommand({ TableName, Key, ConsistentRead: true })));
      const item = answer?.Item;
      return item !== undefined && isAlive(item) ? item : undefined;
    },

    async getAll(keys) {
      const found: Item[] = [];
      for (let start = 0; start < keys.length; start += BATCH) {
        const batch: Record<string, unknown>[] = keys.slice(start, start + BATCH).map((key) => ({ ...key }));
        await untilProcessed(batch, async (waiting) => {
          const RequestItems = { [TableName]: { Keys: [...waiting], ConsistentRead: true } };
          const answer = await send(() => client.send(new BatchGetCommand({ RequestItems })));
          found.push(...(answer?.Responses?.[TableName] ?? []).filter(isAlive));
          return answer?.UnprocessedKeys?.[TableName]?.Keys ?? [];
        });
      }
      return found;
    },

    async put(Item, condition) {
      return (
        (await send(() => client.send(new PutCommand({ TableName, Item, ...toInput(condition) })))) !==
        undefined
      );
    },

    async update(Key, update, condition) {
      const input = { TableName, Key, ...toInput(condition, update), ReturnValues: 'ALL_NEW' as const };
      const answer = await send(() => client.send(new UpdateCommand(input)));
      return answer && (answer.Attributes ?? {});
    },

    async remove(Key, condition) {
      const input = { TableName, Key, ...toInput(condition) };
      return (await send(() => client.send(new DeleteCommand(input)))) !== undefined;
    },

    async take(Key, condition) {
      const input = { TableName, Key, ...toInput(condition), ReturnValues: 'ALL_OLD' as const };
      const answer = await send(() => client.send(new DeleteCommand(input)));
      return answer && (answer.Attributes ?? {});
    },

    async *list(pk, pageSize) {
      const input = {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        Limit: pageSize,
      };
      for await (const page of queryPages(client, input)) yield* page.filter(isAlive);
    },
  };
}
