import pLimit from 'p-limit';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { JobClaim } from '../../ledger/jobs.ts';
import { targetOf, type KnownPlan } from '../../ledger/plans.ts';
import type { Member, Members } from '../../users/members.ts';
import { holdJob } from '../jobs/held-job.ts';
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

/**
 * Brings the members of a plan that has changed to what the plan is now.
 * @throws the stop's reason, AppError `store_failed`
 */
export async function runFanOut(
  context: Context,
  shop: string,
  planId: string,
  claim: JobClaim,
  stop: AbortSignal,
): Promise<void> {
  const { usersOf, ledger, log, now } = context;
  const { members } = usersOf(shop);
  const readPlan = async () => (await ledger.plans.all(shop)).find(({ id }) => id === planId);
  const toFresh = (plan: KnownPlan): Progress => ({
    kind: 'fan_out',
    target: targetOf(plan),
    pass: 1,
    seen: 0,
    written: 0,
    started_at: now().toISOString(),
  });
  const known = await readPlan();
  if (known === undefined || known.fannedOut === targetOf(known)) return;
  const saved = progressOf.safeParse(claim.progress).data;
  await holdJob<Progress, void>(claim, saved ?? toFresh(known), stop, async (job) => {
    for (;;) {
      job.signal.throwIfAborted();
      // Read anew for every page, so that overlapping edits of a plan end in the newest.
      const plan = (await readPlan()) ?? known;
      const target = targetOf(plan);
      if (job.progress().target !== target) job.note({ ...toFresh(plan), after: undefined });
      const next = await step(context, members, plan, job.progress());
      if (next === undefined) {
        await ledger.plans.noteFannedOut(shop, plan.id, target);
        log.info({ shop, plan: plan.id, written: job.progress().written }, 'plan fanned out');
        return;
      }
      await job.save(next);
    }
  });
}
