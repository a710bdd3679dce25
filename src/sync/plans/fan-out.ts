import pLimit from 'p-limit';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Jobs } from '../../ledger/jobs.ts';
import { targetOf, type KnownPlan, type Plans } from '../../ledger/plans.ts';
import type { Logger } from '../../log.ts';
import type { Member, Members } from '../../users/members.ts';
import type { WriteLimiter } from '../../users/write-limiter.ts';

/** Brings the members of plans that have changed to what the plans are now. */
export interface FanOut {
  /**
   * Works off every fan-out that is due in a shop, but for those on which another process works. Ends early when
   * stopped; whoever comes next goes on from there.
   */
  run(shop: string, stop: AbortSignal): Promise<void>;
}

export interface FanOutDeps {
  readonly plans: Plans;
  readonly membersOf: (shop: string) => Members;
  readonly jobs: Jobs;
  readonly writeLimiter: WriteLimiter;
  readonly log: Logger;
  readonly now: () => Date;
}

const PAGE = 50;
const AT_ONCE = 8;
/** Of a member: the item, and shopify_id-index, which holds whole items. */
const UNITS = 2;
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

export function createFanOut({ plans, membersOf, jobs, writeLimiter, log, now }: FanOutDeps): FanOut {
  const limit = pLimit(AT_ONCE);

  async function bring(members: Members, member: Member, plan: KnownPlan): Promise<boolean> {
    if (plan.goneAt === undefined && member.version !== undefined && member.version >= plan.version)
      return false;
    await writeLimiter(UNITS);
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
  async function step(members: Members, plan: KnownPlan, progress: Progress): Promise<Progress | undefined> {
    const page = await members.page(plan.id, PAGE, progress.after);
    const written = await Promise.all(
      page.members.map((member) => limit(() => bring(members, member, plan))),
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

  async function runPlan(shop: string, known: KnownPlan, stop: AbortSignal): Promise<void> {
    const claim = await jobs.claim(shop, `fan_out#${known.id}`);
    if (claim === undefined) return;
    const members = membersOf(shop);
    let saved = progressOf.safeParse(claim.progress).data;
    while (!stop.aborted) {
      // Read anew for every page, so that overlapping edits of a plan end in the newest.
      const plan = (await plans.all(shop)).find(({ id }) => id === known.id) ?? known;
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
      const next = await step(members, plan, progress);
      if (next === undefined) {
        await plans.noteFannedOut(shop, plan.id, target);
        log.info({ shop, plan: plan.id, written: progress.written }, 'plan fanned out');
        break;
      }
      if (!(await claim.save(next))) return;
      saved = next;
    }
    await claim.release();
  }

  return {
    async run(shop, stop) {
      const due = (await plans.all(shop)).filter((plan) => plan.fannedOut !== targetOf(plan));
      for (const plan of due) if (!stop.aborted) await runPlan(shop, plan, stop);
    },
  };
}
