import pLimit from 'p-limit';
import { idOfGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import { foundCustomers } from '../../shopify/admin/queries.ts';
import type { SyncContext } from '../sync-context.ts';

type Context = Pick<SyncContext, 'admin' | 'ledger'>;

const PAGE = 250;
const CONCURRENCY = 16;
/** To read everybody is cheaper than to note and refresh more than these one by one. */
const MAX_PENDING = 500;

interface TaggedPage {
  /** Where to go on; undefined after the last page. */
  readonly next: string | undefined;
  readonly found: number;
  /** Too many: a full sync is due in their place, and no further page is needed. */
  readonly isFlood: boolean;
}

export interface TaggedQuery {
  readonly tag: string;
  readonly after: string | undefined;
  /** How many have been found in the pages before. */
  readonly before: number;
}

const toSearch = (tag: string) => `tag:"${tag.replaceAll(/["\\]/g, '\\$&')}"`;

/**
 * Notes a page of those who have a tag as customers whose refresh is pending.
 * @throws AppError `store_failed` and those of Admin; `admin_api_unavailable` also if the list does not get on
 */
export async function recordTagged(
  { admin, ledger }: Context,
  shop: string,
  { tag, after, before }: TaggedQuery,
  signal: AbortSignal,
): Promise<TaggedPage> {
  const variables = { first: PAGE, after: after ?? null, query: toSearch(tag) };
  const { customers } = await admin.query(shop, foundCustomers, variables, {
    priority: 'background',
    signal,
  });
  const found = customers.nodes.length;
  if (before + found > MAX_PENDING) {
    await ledger.states.recordPending(shop);
    await ledger.jobs.request(shop, 'full', 'full');
    return { next: undefined, found, isFlood: true };
  }
  const limit = pLimit(CONCURRENCY);
  const record = (gid: string) => ledger.pendingRefreshes.record(shop, idOfGid(gid), false);
  await Promise.all(customers.nodes.map(({ id }) => limit(() => record(id))));
  const { hasNextPage, endCursor } = customers.pageInfo;
  if (!hasNextPage) return { next: undefined, found, isFlood: false };
  if (typeof endCursor !== 'string' || endCursor === after)
    throw new AppError('admin_api_unavailable', 'Shopify tells the same page of customers again and again');
  return { next: endCursor, found, isFlood: false };
}
