import { z } from 'zod';
import type { JobState } from '../../ledger/jobs.ts';

/** In the order in which they matter to the merchant. */
const KINDS = ['full', 'reconcile', 'fan_out', 'plans', 'merges'] as const;
type Kind = (typeof KINDS)[number];

/** A job as the page shows it, in the names of the HTTP API. Instants are UTC ISO 8601. */
export interface JobStatus {
  readonly kind: Kind;
  /**
   * `waiting`: for its turn, or for Shopify to collect the customers. `stalled`: it gets nowhere. `failed`: it fails
   * again and again for a reason of our own. Both are tried again by themselves.
   */
  readonly state: 'waiting' | 'working' | 'stalled' | 'failed';
  readonly waiting_for: 'turn' | 'shopify' | null;
  /** Of a full sync. */
  readonly mode: 'apply' | 'check' | null;
  readonly done: number;
  /** Null as long as nobody knows. */
  readonly total: number | null;
  readonly rate_per_second: number | null;
  readonly seconds_left: number | null;
  /** Null: it has not begun. */
  readonly started_at: string | null;
  /** Why it gets nowhere; null unless it is stalled or failed. */
  readonly stalled: {
    readonly since: string;
    /** What Shopify refuses with, or what failed, as a code. */
    readonly reason: string;
    /** When it is tried again. */
    readonly next_at: string | null;
  } | null;
  /** Why it had to begin again, in words. */
  readonly problem: string | null;
}

// Another release may write other progress: what cannot be read is not known.
const progressSchema = z
  .object({
    state: z.string().optional().catch(undefined),
    mode: z.enum(['apply', 'check']).optional().catch(undefined),
    started_at: z.string().optional().catch(undefined),
    done: z.number().optional().catch(undefined),
    /** What a fan-out calls done. */
    seen: z.number().optional().catch(undefined),
    /** Whose members a fan-out goes through. */
    plan: z.string().optional().catch(undefined),
    total: z.number().nullish().catch(undefined),
    problem: z.string().nullish().catch(undefined),
  })
  .catch({});
const requestedSchema = z.object({ mode: z.enum(['apply', 'check']) });

/** What usually passes by itself within minutes, and is not worth a word before. */
const PASSING: ReadonlySet<string> = new Set([
  'admin_api_unavailable',
  'token_request_refused',
  'store_failed',
  'internal',
]);
const PATIENCE = 3;
/** While Shopify collects the customers there is nothing to do. */
const COLLECTING: ReadonlySet<string | undefined> = new Set(['starting', 'reading']);

const kindOf = (name: string) => KINDS.find((kind) => kind === name.replace(/#.*/s, ''));

type State = Pick<JobStatus, 'state' | 'waiting_for'>;

/** Undefined: there is nothing to tell. */
function stateOf(kind: Kind, job: JobState, phase: string | undefined, now: Date): State | undefined {
  if (job.isHeld)
    return kind === 'full' && COLLECTING.has(phase)
      ? { state: 'waiting', waiting_for: 'shopify' }
      : { state: 'working', waiting_for: null };
  const { stalled, dueAt } = job;
  if (stalled !== undefined && (stalled.attempts >= PATIENCE || !PASSING.has(stalled.reason)))
    return { state: stalled.reason === 'internal' ? 'failed' : 'stalled', waiting_for: null };
  // What comes round by itself, and is due for a moment only, would be told of all the time.
  const isAwaited = job.progress !== undefined || job.requested !== undefined || kind === 'full';
  if (dueAt === undefined || !isAwaited) return undefined;
  const isDue = dueAt <= now.toISOString();
  // Before its second pass a fan-out pauses: until then nothing waits for it.
  const hasBegun = job.progress !== undefined && kind !== 'fan_out';
  return isDue || hasBegun ? { state: 'waiting', waiting_for: 'turn' } : undefined;
}

const ORDER: readonly JobStatus['state'][] = ['working', 'failed', 'stalled', 'waiting'];

/** Waiting for Shopify is work too: no other wait tells more. */
const rankOf = ({ state, waiting_for: waitingFor }: JobStatus) =>
  waitingFor === 'shopify' ? 0 : ORDER.indexOf(state);

function toStatus(
  kind: Kind,
  job: JobState,
  membersOf: Readonly<Record<string, number>>,
  now: Date,
): JobStatus | undefined {
  const progress = progressSchema.parse(job.progress);
  const state = stateOf(kind, job, progress.state, now);
  if (state === undefined) return undefined;
  const { started_at = null, problem = null } = progress;
  const done = progress.done ?? progress.seen ?? 0;
  const members = progress.plan === undefined ? undefined : membersOf[progress.plan];
  const total = progress.total ?? members ?? null;
  const seconds = started_at === null ? 0 : (now.getTime() - Date.parse(started_at)) / 1000;
  const rate = state.state === 'working' && done > 0 && seconds > 0 ? done / seconds : null;
  const isStuck = state.state === 'stalled' || state.state === 'failed';
  return {
    kind,
    ...state,
    mode:
      kind === 'full'
        ? (progress.mode ?? requestedSchema.safeParse(job.requested).data?.mode ?? 'apply')
        : null,
    done,
    total,
    rate_per_second: rate,
    seconds_left: rate === null || total === null ? null : Math.max(0, total - done) / rate,
    started_at,
    stalled:
      isStuck && job.stalled !== undefined
        ? { since: job.stalled.since, reason: job.stalled.reason, next_at: job.dueAt ?? null }
        : null,
    problem,
  };
}

/**
 * The job of a shop that matters most now: one that is worked on before one that gets nowhere, and that before one that
 * waits for its turn; null: there is none.
 * @param members how many people have each plan
 */
export function toJobStatus(
  jobs: ReadonlyMap<string, JobState>,
  members: Readonly<Record<string, number>>,
  now: Date,
): JobStatus | null {
  const statuses: JobStatus[] = [];
  for (const [name, job] of jobs) {
    const kind = kindOf(name);
    const status = kind && toStatus(kind, job, members, now);
    if (status !== undefined) statuses.push(status);
  }
  const [first = null] = statuses.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind),
  );
  return first;
}
