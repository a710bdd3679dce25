import { z } from 'zod';
import type { JobState } from '../../ledger/jobs.ts';

/** A job as the page shows it, in the names of the HTTP API. */
export interface JobStatus {
  readonly kind: 'full' | 'fan_out' | 'reconcile';
  readonly state: 'running' | 'waiting';
  readonly done: number;
  /** Null as long as nobody knows. */
  readonly total: number | null;
  readonly rate_per_second: number | null;
  readonly seconds_left: number | null;
  readonly started_at: string;
  /** Why it had to begin again. */
  readonly problem: string | null;
}

type Work = Pick<JobStatus, 'kind' | 'state' | 'done' | 'total' | 'started_at' | 'problem'>;

const reading = z
  .object({
    kind: z.enum(['full', 'backfill']).transform((): 'full' => 'full'),
    state: z.enum(['starting', 'reading', 'applying']),
    started_at: z.string(),
    done: z.number(),
    total: z.number().nullable().default(null),
    problem: z.string().nullable().default(null),
  })
  .transform((job): Work => ({ ...job, state: job.state === 'applying' ? 'running' : 'waiting' }));

const fanOut = z.object({
  kind: z.literal('fan_out'),
  plan: z.string(),
  seen: z.number(),
  started_at: z.string(),
});
const reconcile = z.object({ kind: z.literal('reconcile'), done: z.number(), started_at: z.string() });

/** One that is left is gone on with by whoever comes next, so it counts as under way. */
const readingJob = (job: JobState | undefined) => reading.safeParse(job?.progress).data;

function workOf(
  jobs: ReadonlyMap<string, JobState>,
  members: Readonly<Record<string, number>>,
): Work | undefined {
  const read = readingJob(jobs.get('full'));
  if (read !== undefined) return read;
  const running = { state: 'running', problem: null } as const;
  for (const { progress, isHeld } of jobs.values()) {
    const job = isHeld ? fanOut.safeParse(progress).data : undefined;
    if (job !== undefined) return { ...running, ...job, done: job.seen, total: members[job.plan] ?? null };
  }
  const job = jobs.get('reconcile');
  const looking = job?.isHeld === true ? reconcile.safeParse(job.progress).data : undefined;
  return looking && { ...running, ...looking, total: null };
}

/**
 * The most important work that goes on in a shop, with how fast it is and how long it still takes; null: none.
 * @param members how many people have each plan
 */
export function toJobStatus(
  jobs: ReadonlyMap<string, JobState>,
  members: Readonly<Record<string, number>>,
  now: Date,
): JobStatus | null {
  const work = workOf(jobs, members);
  if (work === undefined) return null;
  const { kind, state, done, total, started_at, problem } = work;
  const seconds = (now.getTime() - Date.parse(started_at)) / 1000;
  const rate = done > 0 && seconds > 0 ? done / seconds : null;
  const left = rate === null || total === null ? null : Math.max(0, total - done) / rate;
  return { kind, state, done, total, rate_per_second: rate, seconds_left: left, started_at, problem };
}
