import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The nth instant of a test, one second after the one before. */
export const instant = (n: number): string => new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString();

/** Writes items as another program would, 25 at a time. */
export async function putItems(
  client: DynamoDBClient,
  table: string,
  items: readonly object[],
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item: { ...Item } } }));
    const { UnprocessedItems } = await documents.send(
      new BatchWriteCommand({ RequestItems: { [table]: requests } }),
    );
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('The engine left items unprocessed');
  }
}

/** An item of the users table with every flag and plan, in the form of a deployment for many shops. */
export function aUserItem(shop: string, n: number, attributes: object = {}): Record<string, unknown> {
  return {
    user_id: `${shop}#${n}`,
    shop,
    shopify_id: String(n),
    created_at: instant(n),
    first_name: `N${n}`,
    is_active: `${shop}#true`,
    is_admin: `${shop}#true`,
    is_featured_author: `${shop}#true`,
    membership_id: `${shop}#gold`,
    ...attributes,
  };
}
