import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../customers/plan.ts';
import { targetOf, toPlan, type KnownPlan } from '../../ledger/plans.ts';
import { retryConflicts } from '../../retry.ts';
import type { SyncContext } from '../sync-context.ts';
import { findPlans, listPlans, type FoundPlans } from './list-plans.ts';

type Context = Pick<SyncContext, 'admin' | 'ledger' | 'log' | 'now'>;

const ATTEMPTS = 5;
/** A plan that one list lacks may be there all the same: only another list, so much later, counts. */
const CONFIRM_MS = 60_000;

export interface PlansRead {
  /** The gids of the plans whose members have to follow. */
  readonly fanOuts: readonly string[];
  /** Whether a plan is missing of which it is not yet known that it is gone: read the plans again a minute later. */
  readonly isMissing: boolean;
}

/**
 * A plan as it is to be kept, or undefined if it stands already. Shopify's times have whole seconds: a second edit
 * within one gets a version a millisecond later, so that it still counts as newer. A later time counts although all
 * is the same: a member may have what the plan was in between.
 */
function toChanged(plan: Plan, before: KnownPlan | undefined): KnownPlan | undefined {
  if (before === undefined) return plan;
  const { goneAt, version: knownVersion, handles = [], id: handle } = before;
  const isSame = isDeepStrictEqual({ ...plan, version: knownVersion }, toPlan(before));
  if (goneAt === undefined && isSame && plan.version <= knownVersion) return undefined;
  return {
    ...before,
    ...plan,
    version:
      plan.version > knownVersion ? plan.version : new Date(Date.parse(knownVersion) + 1).toISOString(),
    handles: [...new Set([...handles, handle])].filter((one) => one !== plan.id),
    missingSince: undefined,
    goneAt: undefined,
    returned: before.returned ?? (goneAt !== undefined || undefined),
  };
}

interface Change {
  readonly plan: KnownPlan;
  readonly before: KnownPlan | undefined;
}

/** What has become of the plans that were known before, and which are new. */
function toChanges(known: readonly KnownPlan[], found: FoundPlans, gone: readonly KnownPlan[], now: Date) {
  const byGid = new Map(known.map((plan) => [plan.gid, plan]));
  const changes: Change[] = gone.map((before) => ({
    plan: { ...before, missingSince: undefined, goneAt: now.toISOString() },
    before,
  }));
  for (const [gid, plan] of found) {
    const before = byGid.get(gid);
    const next = plan && toChanged(plan, before);
    if (next !== undefined) changes.push({ plan: next, before });
  }
  return changes;
}

/** The plans as they stand then; undefined if another process read them at the same time and was first. */
async function updatePlans(
  context: Context,
  shop: string,
  stop: AbortSignal,
): Promise<{ readonly plans: readonly KnownPlan[]; readonly changed: number } | undefined> {
  const { ledger, now } = context;
  // Before Shopify is asked: a plan that another process adds meanwhile is not one that is missing.
  const known = await ledger.plans.all(shop);
  const listed = await listPlans(context, shop, stop);
  const missing = known.filter(({ gid, goneAt }) => goneAt === undefined && !listed.has(gid));
  const isLongMissing = ({ missingSince }: KnownPlan) =>
    missingSince !== undefined && now().getTime() - Date.parse(missingSince) >= CONFIRM_MS;
  const longMissing = missing.filter(isLongMissing);
  const there = await findPlans(
    context,
    shop,
    longMissing.map(({ gid }) => gid),
    stop,
  );
  const found = new Map([...listed, ...there]);
  const gone = longMissing.filter(({ gid }) => !there.has(gid));
  const changes = toChanges(known, found, gone, now());
  for (const { plan, before } of changes) if (!(await ledger.plans.put(shop, plan, before))) return undefined;

  const plans = new Map([...known, ...changes.map(({ plan }) => plan)].map((plan) => [plan.gid, plan]));
  for (const plan of plans.values()) {
    if (plan.goneAt !== undefined) continue;
    const missingSince = found.has(plan.gid) ? undefined : (plan.missingSince ?? now().toISOString());
    if (missingSince === plan.missingSince) continue;
    await ledger.plans.noteMissing(shop, plan.gid, missingSince);
    plans.set(plan.gid, { ...plan, missingSince });
  }
  return { plans: [...plans.values()], changed: changes.length };
}

/**
 * Brings the ledger's plans up to what the shop has now. A plan is gone when two lists, a minute apart, lack it and
 * Shopify has nothing under its gid; one that is there again makes a full sync due, since no index tells any more who
 * its members were.
 * @throws AppError `store_failed` and those of Admin
 */
export async function readPlans(context: Context, shop: string, stop: AbortSignal): Promise<PlansRead> {
  const { ledger, log } = context;
  const { plans, changed } = await retryConflicts(ATTEMPTS, 'The plans are changed too often at once', () =>
    updatePlans(context, shop, stop),
  );
  if (changed > 0) log.info({ shop, changed }, 'plans changed');
  const returned = plans.filter((plan) => plan.returned === true);
  if (returned.length > 0) await ledger.jobs.request(shop, 'full', 'full');
  for (const { gid } of returned) await ledger.plans.clearReturned(shop, gid);
  return {
    fanOuts: plans.filter((plan) => plan.fannedOut !== targetOf(plan)).map(({ gid }) => gid),
    isMissing: plans.some(({ goneAt, missingSince }) => goneAt === undefined && missingSince !== undefined),
  };
}
