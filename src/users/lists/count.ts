import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { orStoreFailed } from '../../dynamodb/conditional-update.ts';
import { listQuery, type UserQuery } from './list-query.ts';
import type { ListingDeps } from './list-page.ts';

/**
 * How many rows the index of a list has. It reads the whole of the shop's part of the index, half a read unit for 4 KB, so
 * it is for background work.
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
