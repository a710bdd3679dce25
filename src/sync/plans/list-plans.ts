import { fromMetaobject, type Plan } from '../../customers/plan.ts';
import { AppError } from '../../errors.ts';
import { membershipPlans, plansByGid } from '../../shopify/admin/queries.ts';
import type { SyncContext } from '../sync-context.ts';

type Context = Pick<SyncContext, 'admin' | 'log'>;

/** Plans by gid. Undefined: it is there but cannot be read, so its members keep what they have. */
export type FoundPlans = ReadonlyMap<string, Plan | undefined>;

const PAGE = 50;

function toPlan({ log }: Context, shop: string, node: { id: string; handle: string }): Plan | undefined {
  try {
    return fromMetaobject(node);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'plan_unreadable') throw error;
    log.warn({ err: error, shop, plan: node.handle }, 'plan unreadable');
    return undefined;
  }
}

/**
 * The plans that the shop's list has.
 * @throws AppError those of Admin; `admin_api_unavailable` also if the list does not get on
 */
export async function listPlans(context: Context, shop: string, signal: AbortSignal): Promise<FoundPlans> {
  const found = new Map<string, Plan | undefined>();
  const options = { priority: 'background', signal } as const;
  let after: string | null = null;
  for (;;) {
    const variables: { first: number; after: string | null } = { first: PAGE, after };
    const { metaobjects } = await context.admin.query(shop, membershipPlans, variables, options);
    for (const node of metaobjects.nodes) found.set(node.id, toPlan(context, shop, node));
    const { hasNextPage, endCursor } = metaobjects.pageInfo;
    if (!hasNextPage) return found;
    if (endCursor === null || endCursor === after)
      throw new AppError('admin_api_unavailable', 'Shopify tells the same page of plans again and again');
    after = endCursor;
  }
}

/**
 * Those of these plans that Shopify still has.
 * @throws AppError those of Admin
 */
export async function findPlans(
  context: Context,
  shop: string,
  gids: readonly string[],
  signal: AbortSignal,
): Promise<FoundPlans> {
  const found = new Map<string, Plan | undefined>();
  for (let start = 0; start < gids.length; start += PAGE) {
    const ids = gids.slice(start, start + PAGE);
    const options = { priority: 'background', signal } as const;
    const { nodes } = await context.admin.query(shop, plansByGid, { ids }, options);
    for (const node of nodes)
      if (node?.kind === 'Metaobject') found.set(node.id, toPlan(context, shop, node));
  }
  return found;
}
