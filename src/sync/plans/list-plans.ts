import { fromMetaobject, type Plan } from '../../customers/plan.ts';
import { isLeftOut, spoiltAt } from '../../customers/spoilt.ts';
import { AppError } from '../../errors.ts';
import { createListCursor } from '../../shopify/admin/list-cursor.ts';
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
  const nextCursor = createListCursor('plans');
  let after: string | null = null;
  do {
    const variables: { first: number; after: string | null } = { first: PAGE, after };
    const { data, spoilt } = await context.admin.read(shop, membershipPlans, variables, options);
    const { nodes, pageInfo } = data.metaobjects;
    for (const [n, node] of nodes.entries()) {
      const isSpoilt = spoiltAt(spoilt, ['metaobjects', 'nodes', n]).length > 0;
      found.set(node.id, isSpoilt ? undefined : toPlan(context, shop, node));
    }
    after = nextCursor(pageInfo) ?? null;
  } while (after !== null);
  return found;
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
    const { data, spoilt } = await context.admin.read(shop, plansByGid, { ids }, options);
    for (const [n, gid] of ids.entries()) {
      const node = data.nodes[n];
      // One that Shopify could not tell may well be there.
      if (isLeftOut(spoiltAt(spoilt, ['nodes', n]))) found.set(gid, undefined);
      else if (node?.kind === 'Metaobject') found.set(gid, toPlan(context, shop, node));
    }
  }
  return found;
}
