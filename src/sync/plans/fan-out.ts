import pLimit from 'p-limit';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { targetOf, type KnownPlan } from '../../ledger/plans.ts';
import type { Member, Members } from '../../users/members.ts';
import type { SyncContext } from '../sync-context.ts';

type Context = Pick<SyncContext, 'usersOf' | 'ledger' | 'writeLimiter' | 'log' | 'now'>;

const PAGE = 50;
const CONCURRENCY = 8;
/** Of a member: the item, and shopify_id-index, which holds whole items. */
const WRITE_UNITS = 2;
/** Who joins while the first pass goes on may be behind it with an old copy; a second pass finds them. */
const PASSES = 2;

const progressOf = z.object({
  kind: z.literal('fan_out'),
  target: z.string(),
  pass: z.number(),
  after: z.object({ user_id: z.string(), created_at: z.string() }).optional(),
  /** Members looked at in this pass, and written in all. */
  seen: z.number(),
  written: z.number(),
  started_at: z.string(),
});
type Progress = z.infer<typeof progressOf>;

/** Copies the plan's state to a member. False: the member has it already, or another one, or cannot be written. */
async function updateMember(
  { log, writeLimiter }: Context,
  members: Members,
  member: Member,
  plan: KnownPlan,
): Promise<boolean> {
  if (plan.goneAt === undefined && member.version !== undefined && member.version >= plan.version)
    return false;
  await writeLimiter(WRITE_UNITS);
  try {
    return plan.goneAt === undefined
      ? await members.copyPlan(member, plan)
      : await members.endMembership(member, plan.id);
  } catch (error) {
    // An item that other programs have filled must not hold up the other members.
    if (!(error instanceof AppError) || error.code !== 'item_refused') throw error;
    log.warn({ err: error, user_id: member.userId, plan: plan.id }, 'plan not copied');
    return false;
  }
}

/** One page; undefined after the last one of the last pass. */
async function step(
  context: Context,
  members: Members,
  plan: KnownPlan,
  progress: Progress,
): Promise<Progress | undefined> {
  const limit = pLimit(CONCURRENCY);
  const page = await members.page(plan.id, PAGE, progress.after);
  const written = await Promise.all(
    page.members.map((member) => limit(() => updateMember(context, members, member, plan))),
  );
  const next = {
    ...progress,
    seen: progress.seen + page.members.length,
    written: progress.written + written.filter(Boolean).length,
    after: page.next,
  };
  if (page.next !== undefined) return next;
  return progress.pass === PASSES ? undefined : { ...next, pass: progress.pass + 1, seen: 0 };
}

async function fanOutPlan(
  context: Context,
  shop: string,
  known: KnownPlan,
  stop: AbortSignal,
): Promise<void> {
  const { usersOf, ledger, log, now } = context;
  const claim = await ledger.jobs.claim(shop, `fan_out#${known.id}`);
  if (claim === undefined) return;
  const { members } = usersOf(shop);
  let saved = progressOf.safeParse(claim.progress).data;
  while (!stop.aborted) {
    // Read anew for every page, so that overlapping edits of a plan end in the newest.
    const plan = (await ledger.plans.all(shop)).find(({ id }) => id === known.id) ?? known;
    const target = targetOf(plan);
    const fresh = {
      kind: 'fan_out' as const,
      target,
      pass: 1,
      seen: 0,
      written: 0,
      started_at: now().toISOString(),
    };
    const progress: Progress = saved?.target === target ? saved : fresh;
    const next = await step(context, members, plan, progress);
    if (next === undefined) {
      await ledger.plans.noteFannedOut(shop, plan.id, target);
      log.info({ shop, plan: plan.id, written: progress.written }, 'plan fanned out');
      break;
    }
    if (!(await claim.save(next))) return;
    saved = next;
  }
  await claim.release();
}

/**
 * Brings the members of plans that have changed to what the plans are now: every fan-out that is due in a shop, but for
 * those on which another process works. Ends early when stopped; whoever comes next goes on from there.
 * @throws AppError `store_failed`
 */
export async function fanOut(context: Context, shop: string, stop: AbortSignal): Promise<void> {
  const due = (await context.ledger.plans.all(shop)).filter((plan) => plan.fannedOut !== targetOf(plan));
  for (const plan of due) if (!stop.aborted) await fanOutPlan(context, shop, plan, stop);
}
