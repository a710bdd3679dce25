import { paginateQuery, type DynamoDBDocumentClient, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { orStoreFailed, type Item } from './conditional-update.ts';

/**
 * The items of a query, in DynamoDB's pages (1 MB, or the input's `Limit`).
 * @throws AppError `store_failed`
 */
export async function* queryPages(
  client: DynamoDBDocumentClient,
  { Limit, ExclusiveStartKey: startingToken, ...input }: QueryCommandInput,
): AsyncGenerator<readonly Item[]> {
  const config = { client, startingToken, ...(Limit !== undefined && { pageSize: Limit }) };
  const pages = paginateQuery(config, input);
  for (;;) {
    const page = await orStoreFailed(() => pages.next());
    if (page.done === true) return;
    yield page.value.Items ?? [];
  }
}
