import { idOfGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import type { Admin } from '../../shopify/admin/admin.ts';
import { customersPage } from '../../shopify/admin/queries.ts';
import type { BackfillProgress } from './progress.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import { createIdTally } from './id-tally.ts';
import type { Piece } from './batches.ts';

/** The most there may be; what a shop allows one query to cost decides. */
const FIRST_PAGE = 250;
/** Shopify's paging ends at 25,000 objects: before, a new listing begins after the last id. */
const LISTING = 20_000;

/**
 * All customers in the order of their ids, page by page, from where the job stands; pages shrink if they cost too much.
 * @param listing how many customers are listed before a new listing begins
 */
export async function* listPages(
  admin: Admin,
  shop: string,
  job: HeldJob<BackfillProgress>,
  listing = LISTING,
): AsyncGenerator<Piece> {
  const { page, digest } = job.progress();
  const tally = createIdTally(digest);
  let { first, depth, cursor, after_id: afterId } = page ?? { first: FIRST_PAGE, depth: 0 };

  for (let hasMore = true; hasMore;) {
    const variables = {
      first,
      after: cursor ?? null,
      query: afterId === undefined ? null : `id:>${afterId}`,
    };
    const { customers } = await admin
      .query(shop, customersPage, variables, { priority: 'background', signal: job.signal })
      .catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'admin_api_too_costly' || first === 1) throw error;
        return { customers: undefined };
      });
    job.note({ requests: job.progress().requests + 1 });
    if (customers === undefined) {
      first = Math.floor(first / 2);
      continue;
    }
    const { nodes, pageInfo } = customers;
    const customerNodes = new Map<string, unknown>();
    for (const node of nodes) {
      const id = idOfGid(node.id);
      if (tally.add(id)) customerNodes.set(id, node);
    }
    hasMore = pageInfo.hasNextPage;
    depth += nodes.length;
    cursor = pageInfo.endCursor ?? undefined;
    if (depth >= listing) [depth, cursor, afterId] = [0, undefined, [...customerNodes.keys()].at(-1)];
    yield {
      nodes: customerNodes,
      counts: {
        lines_read: nodes.length,
        duplicate: nodes.length - customerNodes.size,
        unreadable: 0,
        other: 0,
      },
      digest: tally.digest(),
      page: { first, depth, cursor, after_id: afterId },
    };
  }
}
