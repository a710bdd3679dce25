import { AppError } from '../../errors.ts';
import { createListCursor } from '../../shopify/admin/list-cursor.ts';
import {
  readCustomersPage,
  type CustomersPage,
  type PageAnswer,
} from '../../shopify/admin/customers-page.ts';
import { customerIdsPage, customersPage, type TypedDocument } from '../../shopify/admin/queries.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import type { SyncContext } from '../sync-context.ts';
import type { Batch } from './batches.ts';
import type { IdStore } from './id-store.ts';
import { readId } from './line.ts';
import type { FullSyncProgress } from './progress.ts';

export interface PageReaderContext extends Pick<SyncContext, 'admin'> {
  /** Customers of one listing; then a new listing begins. */
  readonly listing?: number | undefined;
}

interface Page {
  readonly nodes: readonly unknown[];
  readonly first: number;
  /** Of the last customer that has a readable one. */
  readonly lastId: string | undefined;
}

type Document = TypedDocument<PageAnswer, Variables>;

/** The most there may be; what a shop allows one query to cost decides. */
const FIRST_PAGE = 250;
/** Shopify's paging ends at 25,000 objects: before, a new listing begins after the last id. */
const LISTING = 20_000;

const isBeyond = (id: string, last: string) => BigInt(id) > BigInt(last);

/** Pages of customers in the order of their ids, after one of them; pages shrink if they cost too much. */
async function* listPages(
  { admin, listing = LISTING }: PageReaderContext,
  shop: string,
  document: Document,
  { first, last_id }: NonNullable<FullSyncProgress['page']>,
  job: HeldJob<FullSyncProgress>,
): AsyncGenerator<Page> {
  let afterId = last_id;
  let lastId = last_id;
  let depth = 0;
  let cursor: string | null = null;
  let nextCursor = createListCursor('customers');

  for (let hasMore = true; hasMore;) {
    const variables: Variables = {
      first,
      after: cursor,
      query: afterId === undefined ? null : `id:>${afterId}`,
    };
    const options = { priority: 'background', signal: job.signal } as const;
    const documents = { whole: document, ids: customerIdsPage };
    const page: CustomersPage | undefined = await readCustomersPage(
      admin,
      shop,
      documents,
      variables,
      options,
    ).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'admin_api_too_costly' || first === 1) throw error;
      return undefined;
    });
    job.note({ requests: job.progress().requests + (page?.requests ?? 1) });
    if (page === undefined) {
      first = Math.floor(first / 2);
      continue;
    }
    const { nodes, pageInfo } = page;
    lastId = nodes.map(readId).findLast((id) => id !== undefined) ?? lastId;
    hasMore = pageInfo.hasNextPage;
    depth += nodes.length;
    cursor = nextCursor(pageInfo) ?? null;
    if (depth >= listing && lastId !== afterId) {
      [depth, cursor, afterId] = [0, null, lastId];
      nextCursor = createListCursor('customers');
    }
    yield { nodes, first, lastId };
  }
}

interface Variables {
  readonly first: number;
  readonly after: string | null;
  readonly query: string | null;
}

/** Notes again who was listed up to the place where the job stands. */
async function relist(
  context: PageReaderContext,
  shop: string,
  lastId: string,
  job: HeldJob<FullSyncProgress>,
  ids: IdStore,
): Promise<void> {
  for await (const { nodes } of listPages(context, shop, customerIdsPage, { first: FIRST_PAGE }, job)) {
    const found = nodes.map(readId).filter((id) => id !== undefined);
    for (const id of found) if (!isBeyond(id, lastId)) ids.addListed(id);
    if (found.some((id) => isBeyond(id, lastId))) return;
  }
}

const timeOf = (node: unknown): string => {
  const time =
    typeof node === 'object' && node !== null && 'updatedAt' in node && typeof node.updatedAt === 'string'
      ? new Date(node.updatedAt)
      : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? '' : time.toISOString();
};

/**
 * All customers in the order of their ids, page by page, from where the job stands. What comes before is listed again
 * for its ids alone. Shopify tells no time with a listing: the latest change in it is the time that it has reached at
 * least.
 */
export async function* readPages(
  context: PageReaderContext,
  shop: string,
  job: HeldJob<FullSyncProgress>,
  ids: IdStore,
): AsyncGenerator<Batch> {
  const { page = { first: FIRST_PAGE }, reached_at } = job.progress();
  ids.clearListed();
  if (page.last_id !== undefined) await relist(context, shop, page.last_id, job, ids);

  let latest = reached_at;
  for await (const { nodes, first, lastId } of listPages(context, shop, customersPage, page, job)) {
    const fresh = new Map<string, unknown>();
    let unreadable = 0;
    for (const node of nodes) {
      const id = readId(node);
      if (id === undefined) unreadable += 1;
      else if (ids.addListed(id)) fresh.set(id, node);
      const time = timeOf(node);
      if (time > latest) latest = time;
    }
    yield {
      nodes: fresh,
      listed: nodes.length,
      duplicate: nodes.length - fresh.size - unreadable,
      unreadable,
      place: { page: { first, last_id: lastId }, reached_at: latest },
    };
  }
}
