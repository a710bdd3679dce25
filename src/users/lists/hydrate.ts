import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { untilProcessed } from '../../dynamodb/unprocessed.ts';

type Item = Readonly<Record<string, unknown>>;

/**
 * The whole items of at most 100 users in the order of the ids, eventually consistent by default. Skips ids without an
 * item.
 * @throws AppError `store_failed` if DynamoDB leaves keys unprocessed after retries
 */
export async function hydrate(
  client: DynamoDBDocumentClient,
  table: string,
  userIds: readonly string[],
  ConsistentRead = false,
): Promise<Item[]> {
  const found = new Map<unknown, Item>();
  const keys: Record<string, unknown>[] = userIds.map((user_id) => ({ user_id }));
  await untilProcessed(keys, async (waiting) => {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: [...waiting], ConsistentRead } } }),
    );
    for (const item of Responses?.[table] ?? []) found.set(item['user_id'], item);
    return UnprocessedKeys?.[table]?.Keys ?? [];
  });
  return userIds.map((userId) => found.get(userId)).filter((item) => item !== undefined);
}
