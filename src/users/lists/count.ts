import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { orStoreFailed } from '../../dynamodb/conditional-update.ts';
import { listQuery, type UserQuery } from './list-query.ts';
import type { ListingDeps } from './list-page.ts';

/**
 * Counts the rows of a list's index. Reads the shop's whole part of the index, half a read unit for 4 KB: for background
 * work only.
 * @throws AppError `store_failed`
 */
export async function countList(deps: ListingDeps, query: UserQuery): Promise<number> {
  const { Limit: _, ...input } = listQuery(deps, query, 1, undefined);
  return orStoreFailed(async () => {
    let count = 0;
    for await (const page of paginateQuery({ client: deps.client }, { ...input, Select: 'COUNT' }))
      count += page.Count ?? 0;
    return count;
  });
}
