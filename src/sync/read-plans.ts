import { fromMetaobject, type Plan } from '../customers/plan.ts';
import { AppError } from '../errors.ts';
import type { KnownPlan, Plans } from '../ledger/plans.ts';
import type { Logger } from '../log.ts';
import type { Admin } from '../shopify/admin.ts';
import { membershipPlans } from '../shopify/queries.ts';

/** Brings the ledger's plans up to what the shop has now. True if something changed, so that a fan-out is due. */
export type ReadPlans = (shop: string, stop: AbortSignal) => Promise<boolean>;

export interface ReadPlansDeps {
  readonly admin: Admin;
  readonly plans: Plans;
  readonly log: Logger;
  readonly now: () => Date;
}

const PAGE = 50;

export function createReadPlans({ admin, plans, log, now }: ReadPlansDeps): ReadPlans {
  /** A plan that cannot be read counts as there, but its members keep what they have. */
  function toPlan(shop: string, node: { handle: string }): Plan | undefined {
    try {
      return fromMetaobject(node);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'plan_unreadable') throw error;
      log.warn({ err: error, shop, plan: node.handle }, 'plan unreadable');
      return undefined;
    }
  }

  async function ask(shop: string, signal: AbortSignal): Promise<Map<string, Plan | undefined>> {
    const found = new Map<string, Plan | undefined>();
    let after: string | null = null;
    do {
      const variables: { first: number; after: string | null } = { first: PAGE, after };
      const { metaobjects } = await admin.query(shop, membershipPlans, variables, { priority: 'background', signal });
      for (const node of metaobjects.nodes) found.set(node.handle, toPlan(shop, node));
      after = metaobjects.pageInfo.hasNextPage ? (metaobjects.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    return found;
  }

  return async function readPlans(shop, stop) {
    // Before Shopify is asked: a plan that another process adds meanwhile is not one that is gone.
    const known = new Map((await plans.all(shop)).map((plan) => [plan.id, plan]));
    const found = await ask(shop, stop);
    const changed: KnownPlan[] = [];
    for (const plan of found.values()) {
      const before = plan && known.get(plan.id);
      const isNew = before === undefined || before.goneAt !== undefined || before.version < (plan?.version ?? '');
      if (plan !== undefined && isNew) changed.push({ ...plan, fannedOut: before?.fannedOut });
    }
    for (const plan of known.values())
      if (!found.has(plan.id) && plan.goneAt === undefined)
        changed.push({ ...plan, goneAt: now().toISOString() });
    for (const plan of changed) await plans.put(shop, plan);
    if (changed.length > 0) log.info({ shop, changed: changed.length }, 'plans changed');
    return changed.length > 0;
  };
}
