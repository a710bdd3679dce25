import { isDeepStrictEqual } from 'node:util';
import { fromMetaobject, type Plan } from '../../customers/plan.ts';
import { AppError } from '../../errors.ts';
import { targetOf, type KnownPlan } from '../../ledger/plans.ts';
import { retryConflicts } from '../../retry.ts';
import { membershipPlans } from '../../shopify/admin/queries.ts';
import type { SyncContext } from '../sync-context.ts';

type Context = Pick<SyncContext, 'admin' | 'ledger' | 'log' | 'now'>;

const PAGE = 50;
const ATTEMPTS = 5;

/**
 * A plan as it is to be kept, or undefined if it stands already. Shopify's times have whole seconds: a second edit
 * within one gets a version a millisecond later, so that it still counts as newer.
 */
function toChanged(plan: Plan, before: KnownPlan | undefined): KnownPlan | undefined {
  if (before === undefined) return plan;
  const { goneAt, fannedOut, version: knownVersion, ...content } = before;
  const { version, ...now } = plan;
  if (goneAt === undefined && isDeepStrictEqual(now, content)) return undefined;
  const next = version > knownVersion ? version : new Date(Date.parse(knownVersion) + 1).toISOString();
  return { ...now, version: next, fannedOut };
}

/** A plan that cannot be read counts as there, but its members keep what they have. */
function toPlan({ log }: Context, shop: string, node: { handle: string }): Plan | undefined {
  try {
    return fromMetaobject(node);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'plan_unreadable') throw error;
    log.warn({ err: error, shop, plan: node.handle }, 'plan unreadable');
    return undefined;
  }
}

/** The shop's plans by handle. */
async function queryPlans(
  context: Context,
  shop: string,
  signal: AbortSignal,
): Promise<Map<string, Plan | undefined>> {
  const found = new Map<string, Plan | undefined>();
  let after: string | null = null;
  do {
    const variables: { first: number; after: string | null } = { first: PAGE, after };
    const { metaobjects } = await context.admin.query(shop, membershipPlans, variables, {
      priority: 'background',
      signal,
    });
    for (const node of metaobjects.nodes) found.set(node.handle, toPlan(context, shop, node));
    after = metaobjects.pageInfo.hasNextPage ? (metaobjects.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return found;
}

/** How many plans have changed; undefined if another process read the plans at the same time and was first. */
async function updatePlans(context: Context, shop: string, stop: AbortSignal): Promise<number | undefined> {
  const { ledger, now } = context;
  // Before Shopify is asked: a plan that another process adds meanwhile is not one that is gone.
  const known = new Map((await ledger.plans.all(shop)).map((plan) => [plan.id, plan]));
  const found = await queryPlans(context, shop, stop);
  const changed: KnownPlan[] = [];
  for (const plan of found.values()) {
    const next = plan && toChanged(plan, known.get(plan.id));
    if (next !== undefined) changed.push(next);
  }
  for (const plan of known.values())
    if (!found.has(plan.id) && plan.goneAt === undefined)
      changed.push({ ...plan, goneAt: now().toISOString() });
  for (const plan of changed) if (!(await ledger.plans.put(shop, plan, known.get(plan.id)))) return undefined;
  return changed.length;
}

/**
 * Brings the ledger's plans up to what the shop has now. Resolves to the ids of those whose members have to follow.
 * @throws AppError `store_failed` and those of Admin
 */
export async function readPlans(
  context: Context,
  shop: string,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const changed = await retryConflicts(ATTEMPTS, 'The plans are changed too often at once', () =>
    updatePlans(context, shop, stop),
  );
  if (changed > 0) context.log.info({ shop, changed }, 'plans changed');
  const plans = await context.ledger.plans.all(shop);
  return plans.filter((plan) => plan.fannedOut !== targetOf(plan)).map(({ id }) => id);
}
