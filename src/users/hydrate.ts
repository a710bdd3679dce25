import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';

type Item = Readonly<Record<string, unknown>>;

const FRUITLESS_ATTEMPTS = 6;
const FIRST_WAIT_MS = 25;

/**
 * The whole items of at most 100 users, eventually consistent unless asked otherwise, in the order of the ids; who is not there any more is left out. What
 * DynamoDB leaves unprocessed (over 16 MB, or throttled) is asked for again: at once after an answer that brought
 * something, else with growing and random waits.
 * @throws AppError `store_failed` after 6 attempts in a row that brought nothing
 */
export async function hydrate(
  client: DynamoDBDocumentClient,
  table: string,
  userIds: readonly string[],
  ConsistentRead = false,
): Promise<Item[]> {
  const found = new Map<unknown, Item>();
  let keys: Record<string, unknown>[] = userIds.map((user_id) => ({ user_id }));
  let fruitless = 0;
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead } } }),
    );
    for (const item of Responses?.[table] ?? []) found.set(item['user_id'], item);
    const left = UnprocessedKeys?.[table]?.Keys ?? [];
    fruitless = left.length < keys.length ? 0 : fruitless + 1;
    if (fruitless === FRUITLESS_ATTEMPTS)
      throw new AppError('store_failed', 'DynamoDB leaves a batch unprocessed');
    if (fruitless > 0) await sleep(FIRST_WAIT_MS * 2 ** fruitless * (0.5 + Math.random() / 2));
    keys = left;
  }
  return userIds.map((userId) => found.get(userId)).filter((item) => item !== undefined);
}
