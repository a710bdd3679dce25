import { queryPages } from '../../dynamodb/query-pages.ts';
import { EVERYBODY, listQuery } from './list-query.ts';
import type { ListingDeps } from './list-page.ts';
import { toShopifyId } from '../user-id.ts';

/**
 * The Shopify ids of a shop's users, read from index keys alone: half a read unit for 4 KB. Skips users that exist only on
 * the platform.
 * @throws AppError `store_failed`
 */
export async function* listShopifyIds(deps: ListingDeps): AsyncGenerator<readonly string[]> {
  const { Limit: _, ...input } = listQuery(deps, EVERYBODY, 1, undefined);
  for await (const items of queryPages(deps.client, input))
    yield items
      .map(({ user_id: userId }) => toShopifyId(deps.shop, String(userId)))
      .filter((shopifyId) => shopifyId !== undefined);
}
