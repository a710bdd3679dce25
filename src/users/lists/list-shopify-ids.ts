import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { orStoreFailed } from '../../dynamodb/conditional-update.ts';
import { EVERYBODY, listQuery } from './list-query.ts';
import type { ListingDeps } from './list-page.ts';
import { toShopifyId } from '../user-id.ts';

/**
 * The Shopify ids of all of a shop's users who were born in Shopify, from keys alone: half a read unit for 4 KB of the
 * shop's index. Users of the platform alone are left out.
 * @throws AppError `store_failed`
 */
export async function* listShopifyIds(deps: ListingDeps): AsyncGenerator<readonly string[]> {
  const { Limit: _, ...input } = listQuery(deps, EVERYBODY, 1, undefined);
  let start: Record<string, unknown> | undefined;
  do {
    const query = new QueryCommand({ ...input, ExclusiveStartKey: start });
    const { Items = [], LastEvaluatedKey } = await orStoreFailed(() => deps.client.send(query));
    yield Items.map(({ user_id: userId }) => toShopifyId(deps.shop, String(userId))).filter(
      (shopifyId) => shopifyId !== undefined,
    );
    start = LastEvaluatedKey;
  } while (start !== undefined);
}
