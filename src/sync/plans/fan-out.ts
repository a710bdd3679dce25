import pLimit from 'p-limit';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { JobClaim } from '../../ledger/jobs.ts';
import { rankOf, targetOf, type KnownPlan } from '../../ledger/plans.ts';
import { hasCopy, type Member, type Members } from '../../users/members.ts';
import type { Next } from '../jobs/flow.ts';
import { holdJob } from '../jobs/held-job.ts';
import { requestNow, type RequestContext } from '../jobs/request-now.ts';
import type { SyncContext } from '../sync-context.ts';
import { recordTagged } from './record-tagged.ts';

type Context = RequestContext &
  Pick<SyncContext, 'admin' | 'usersOf' | 'ledger' | 'rules' | 'writeLimiter' | 'log' | 'now'>;

const PAGE = 50;
const CONCURRENCY = 8;
/** Of a member: the item, and shopify_id-index, which holds whole items. */
const WRITE_UNITS = 2;
/** Of one who goes to another handle: out of membership-created_at-index and into it again. */
const MOVE_WRITE_UNITS = WRITE_UNITS + 2;
/** Who joins while the first pass goes on may be behind it with an old copy; a second pass finds them. */
const PASSES = 2;
/** So long membership-created_at-index may take to show who joined before. */
const INDEX_LAG_MS = 15_000;

const progressOf = z.object({
  kind: z.literal('fan_out'),
  /** The plan's handle. */
  plan: z.string(),
  target: z.string(),
  /** 0: looks for those whom tags make members; then passes over the members. */
  pass: z.number(),
  /** Of the plan's handles, the present one first, the one that is looked at. */
  handle: z.number(),
  /** Where that goes on: in the members, or in those who have the tag. */
  after: z.object({ user_id: z.string(), created_at: z.string() }).optional(),
  cursor: z.string().optional(),
  /** Not before this instant, UTC ISO 8601. */
  resume_at: z.string().optional(),
  /** With the tags, and members looked at in this pass, and written in all. */
  tagged: z.number(),
  seen: z.number(),
  written: z.number(),
  started_at: z.string(),
});
type Progress = z.infer<typeof progressOf>;

const handlesOf = ({ id, handles = [] }: KnownPlan) => [id, ...handles];

/** Copies the plan's state to a member. False: the member has it already, or another plan, or cannot be written. */
async function updateMember(
  { log, writeLimiter }: Context,
  members: Members,
  member: Member,
  plan: KnownPlan,
): Promise<boolean> {
  const { gid = plan.gid, handle } = member;
  if (gid !== plan.gid || (plan.goneAt === undefined && hasCopy(member, plan))) return false;
  const isMoved = plan.goneAt !== undefined || handle !== plan.id;
  await writeLimiter(isMoved ? MOVE_WRITE_UNITS : WRITE_UNITS);
  try {
    return plan.goneAt === undefined
      ? await members.copyPlan(member, plan)
      : await members.endMembership(member, plan.gid);
  } catch (error) {
    // An item that other programs have filled must not hold up the other members.
    if (!(error instanceof AppError) || error.code !== 'item_refused') throw error;
    log.warn({ err: error, user_id: member.userId, plan: plan.id }, 'plan not copied');
    return false;
  }
}

/** One page of members; undefined after the last one of the last pass. */
async function passOn(
  context: Context,
  members: Members,
  plan: KnownPlan,
  progress: Progress,
): Promise<Progress | undefined> {
  const handles = handlesOf(plan);
  const limit = pLimit(CONCURRENCY);
  const page = await members.page(handles[progress.handle] ?? plan.id, PAGE, progress.after);
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
  if (progress.handle + 1 < handles.length) return { ...next, handle: progress.handle + 1 };
  if (progress.pass === PASSES) return undefined;
  const resume_at = new Date(context.now().getTime() + INDEX_LAG_MS).toISOString();
  return { ...next, pass: progress.pass + 1, handle: 0, seen: 0, resume_at };
}

/** One page of those who have the tag of a handle of the plan's; after the last one reconciling refreshes them. */
async function lookForTagged(
  context: Context,
  shop: string,
  plan: KnownPlan,
  progress: Progress,
  signal: AbortSignal,
): Promise<Progress> {
  const { ledger, rules } = context;
  const handles = handlesOf(plan);
  const tag = `${rules.membershipPrefix ?? ''}${handles[progress.handle] ?? plan.id}`;
  const query = { tag, after: progress.cursor, before: progress.tagged };
  const { next: cursor, found, isFlood } = await recordTagged(context, shop, query, signal);
  const next = { ...progress, cursor, tagged: progress.tagged + found };
  if (cursor !== undefined) return next;
  if (!isFlood && progress.handle + 1 < handles.length) return { ...next, handle: progress.handle + 1 };
  if (next.tagged > 0) await requestNow(context, shop, 'reconcile');
  await ledger.plans.noteRanked(shop, plan);
  return { ...next, pass: 1, handle: 0 };
}

/**
 * Brings the members of a plan that has changed to what the plan is now, and has those looked at whom tags make its
 * members. Resolves to a pause before the second pass.
 * @throws the stop's reason, AppError `store_failed` and those of Admin
 */
export async function runFanOut(
  context: Context,
  shop: string,
  gid: string,
  claim: JobClaim,
  stop: AbortSignal,
): Promise<Next> {
  const { usersOf, ledger, rules, log, now } = context;
  const { members } = usersOf(shop);
  const toFresh = (plan: KnownPlan): Progress => ({
    kind: 'fan_out',
    plan: plan.id,
    target: targetOf(plan),
    pass: rules.membershipPrefix !== undefined && plan.ranked !== rankOf(plan) ? 0 : 1,
    handle: 0,
    after: undefined,
    cursor: undefined,
    resume_at: undefined,
    tagged: 0,
    seen: 0,
    written: 0,
    started_at: now().toISOString(),
  });
  const known = await ledger.plans.get(shop, gid);
  if (known === undefined || known.fannedOut === targetOf(known)) return undefined;
  const saved = progressOf.safeParse(claim.progress).data;
  return holdJob<Progress, Next>(claim, saved ?? toFresh(known), stop, async (job) => {
    for (;;) {
      job.signal.throwIfAborted();
      // Read anew for every page, so that overlapping edits of a plan end in the newest.
      const plan = (await ledger.plans.get(shop, gid)) ?? known;
      if (job.progress().target !== targetOf(plan)) job.note(toFresh(plan));
      const progress = job.progress();
      if (progress.resume_at !== undefined && progress.resume_at > now().toISOString())
        return { pauseUntil: new Date(progress.resume_at) };
      const next =
        progress.pass === 0
          ? await lookForTagged(context, shop, plan, progress, job.signal)
          : await passOn(context, members, plan, progress);
      if (next === undefined) {
        await ledger.plans.noteFannedOut(shop, plan);
        log.info({ shop, plan: plan.id, written: progress.written }, 'plan fanned out');
        return undefined;
      }
      await job.save(next);
    }
  });
}
