import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { queryPages } from '../dynamodb/query-pages.ts';
import { retryConflicts } from '../retry.ts';
import { createItems, type Expression, type ItemsDeps, type Key } from './items.ts';
import { LEASE_ATTRIBUTES, takeLease } from './lease.ts';
import { ledgerTable } from './ledger-schema.ts';

/** Jobs of a queue do not wait for those of the other: reading everybody takes hours, all else seconds. */
export type JobQueue = 'short' | 'full';

/** Why a job gets nowhere. Instants are UTC ISO 8601. */
const stalledSchema = z.object({
  since: z.string(),
  /** What Shopify said, as a code. */
  reason: z.string(),
  /** Attempts in a row that came to nothing, since there was a sign that Shopify may answer again. */
  attempts: z.number(),
});
export type Stalled = z.infer<typeof stalledSchema>;

/** A job that this process alone works on, until it lets go or has not been heard of for half a minute. */
export interface JobClaim {
  /** What was saved last by whichever process began this run; undefined: nobody has begun. */
  readonly progress: unknown;
  /** What was asked for with the request; undefined: nothing in particular. */
  readonly requested: unknown;
  /** Undefined as soon as progress has been saved that differs: the job gets somewhere. */
  readonly stalled: Stalled | undefined;
  /** How long the claim lasts after it was saved last, in milliseconds. */
  readonly leaseMs: number;
  /** Saves progress and keeps the claim. False: another process has taken over, or the job was cancelled; stop. */
  save(progress: object): Promise<boolean>;
  /** Ends the run. Due again then, or at once if it was requested meanwhile; undefined: not before a request. */
  finish(next: Date | undefined): Promise<'ended' | 'again' | 'lost'>;
  /** Lets go of a run that has not ended: whoever takes it then goes on where it was saved last. False: it is lost. */
  pause(until: Date, stalled?: Stalled): Promise<boolean>;
}

/** What is known of a job. */
export interface JobState {
  /** Undefined: no run is under way or left. */
  readonly progress: unknown;
  readonly requested: unknown;
  /** Whether a process works on it now. */
  readonly isHeld: boolean;
  /** When it is due, or when its lease ends; undefined: not before a request. */
  readonly dueAt: string | undefined;
  readonly stalled: Stalled | undefined;
  /** Of the last request whose run has not ended. */
  readonly requestId?: string | undefined;
}

interface DueJob {
  readonly shop: string;
  readonly name: string;
}

/**
 * The work of all shops that no request waits for: one process at a time for each job, resumable by any other.
 * What is asked for is decided without a clock, so that processes whose clocks differ lose no request.
 */
export interface Jobs {
  /**
   * Makes a job due at once, also one that stalls. If a run is under way or left, or waits for something in particular,
   * once more after it; what is asked for in particular then gives way to a request of nothing in particular.
   */
  request(shop: string, name: string, queue: JobQueue, requested?: object): Promise<void>;
  /** The same, unless a run is under way, left or asked for already: then false. */
  requestIfIdle(shop: string, name: string, queue: JobQueue, requested: object): Promise<boolean>;
  /** Makes a job due by an instant; one that is due earlier stays so, one under way runs once more. */
  schedule(shop: string, name: string, queue: JobQueue, at: Date): Promise<void>;
  /** Takes a job that is due. Undefined: it is not, or another process works on it, or a later version wrote it. */
  claim(shop: string, name: string, queue: JobQueue): Promise<JobClaim | undefined>;
  /** The jobs of a queue that are due now, of all shops, the longest due first; an index tells, which may lag behind. */
  listDue(queue: JobQueue): AsyncGenerator<DueJob>;
  /** The shop's jobs, by name. */
  list(shop: string): Promise<ReadonlyMap<string, JobState>>;
  /** Makes the jobs due that stall: Shopify may answer again. Their back-off begins anew. Resolves to their names. */
  resume(shop: string): Promise<readonly string[]>;
  /** Takes jobs away as they were listed; what was requested since stays. Whoever works on one loses it. */
  cancel(shop: string, listed: ReadonlyMap<string, JobState>): Promise<void>;
}

export interface JobsDeps extends ItemsDeps {
  /** How long a claim outlives its process, in milliseconds. */
  readonly leaseMs?: number | undefined;
  /**
   * Of what a job's progress and requested look like. A process leaves runs of a later version alone and takes up those
   * of an earlier one, so a release that changes them reads the former too, or begins such a run afresh.
   */
  readonly version?: number | undefined;
}

const VERSION = 1;
const JOB = '#job';
const SPLIT = /^(?<shop>.+)#job$/;
const REQUEST_ATTEMPTS = 10;

// Whether a run is under way follows from what stands, not from the time: by another's clock its lease has run out.
const IDLE = 'attribute_not_exists(holder) AND attribute_not_exists(progress)';
const UNASKED: Expression = { text: `${IDLE} AND attribute_not_exists(requested)` };
const BUSY: Expression = {
  text: '(attribute_exists(holder) OR attribute_exists(progress) OR attribute_exists(requested))',
};
const UNREQUESTED: Expression = { text: `${IDLE} AND attribute_not_exists(request_id)` };

/** What belongs to a run. */
const RUN = `${LEASE_ATTRIBUTES}, progress, stalled`;

const stored = z.object({
  progress: z.unknown().optional(),
  requested: z.unknown().optional(),
  stalled: stalledSchema.optional().catch(undefined),
  request_id: z.string().optional().catch(undefined),
  held_until: z.number().optional().catch(undefined),
  due_at: z.string().optional().catch(undefined),
});

/** @throws AppError `store_failed` from every function */
export function createJobs({ leaseMs = 30_000, version = VERSION, ...deps }: JobsDeps): Jobs {
  const { now } = deps;
  const items = createItems(deps);
  const keyOf = (shop: string, name: string) => ({ pk: `${shop}${JOB}`, sk: name });
  const isDone = async (key: Key, update: Expression, condition: Expression) =>
    (await items.update(key, update, condition)) !== undefined;

  function toClaim(key: Key, isHeld: Expression, item: unknown): JobClaim {
    const { progress, requested, ...rest } = stored.parse(item);
    let { stalled } = rest;
    let saved = progress;
    const heldAnd = (text: string): Expression => ({ ...isHeld, text: `${isHeld.text} AND ${text}` });

    /** Ends a run after which another one is asked for. */
    async function begin(requestedNext: boolean): Promise<boolean> {
      const values = { ':due': now().toISOString() };
      const text = requestedNext
        ? `SET due_at = :due, requested = next_requested REMOVE ${RUN}, again, next_requested`
        : `SET due_at = :due REMOVE ${RUN}, again, requested, version`;
      const which = requestedNext
        ? 'attribute_exists(next_requested)'
        : 'attribute_not_exists(next_requested)';
      return isDone(key, { text, values }, heldAnd(`attribute_exists(again) AND ${which}`));
    }

    return {
      progress,
      requested,
      get stalled() {
        return stalled;
      },
      leaseMs,

      async save(next) {
        const until = now().getTime() + leaseMs;
        if (!isDeepStrictEqual(next, saved)) stalled = undefined;
        const update = {
          text: `SET progress = :progress, held_until = :until, due_at = :due${stalled === undefined ? ' REMOVE stalled' : ''}`,
          values: { ':progress': next, ':until': until, ':due': new Date(until).toISOString() },
        };
        saved = next;
        return isDone(key, update, isHeld);
      },

      async finish(next) {
        const isLast = heldAnd('attribute_not_exists(again)');
        const ended =
          next === undefined
            ? items.remove(key, isLast)
            : isDone(
                key,
                {
                  text: `SET due_at = :due REMOVE ${RUN}, requested, request_id, version`,
                  values: { ':due': next.toISOString() },
                },
                isLast,
              );
        if (await ended) return 'ended';
        return (await begin(false)) || (await begin(true)) ? 'again' : 'lost';
      },

      pause: (until, why) =>
        isDone(
          key,
          {
            text:
              `SET due_at = :due${why === undefined ? '' : ', stalled = :stalled'} ` +
              `REMOVE ${LEASE_ATTRIBUTES}${why === undefined ? ', stalled' : ''}`,
            values: { ':due': until.toISOString(), ...(why && { ':stalled': why }) },
          },
          isHeld,
        ),
    };
  }

  /** Makes a job due now. */
  const toDue = (queue: JobQueue, also = ''): Expression => ({
    text: `SET due_at = :due, due_queue = if_not_exists(due_queue, :queue), request_id = :id${also} REMOVE stalled`,
    values: { ':due': now().toISOString(), ':queue': queue, ':id': randomUUID() },
  });

  /** @returns false if the condition does not hold */
  async function makeDue(
    key: Key,
    queue: JobQueue,
    requested: object | undefined,
    condition: Expression,
  ): Promise<boolean> {
    if (requested === undefined) return isDone(key, toDue(queue), condition);
    const { text, values } = toDue(queue, ', requested = :requested, version = :version');
    const given = { ':requested': requested, ':version': version };
    return isDone(key, { text, values: { ...values, ...given } }, condition);
  }

  /** Asks for another run after the one that is under way, left or asked for. False: there is none any more. */
  async function makeDueAgain(key: Key, queue: JobQueue, requested: object | undefined): Promise<boolean> {
    const again = toDue(queue, ', again = :again');
    const values = { ...again.values, ':again': true };
    if (requested === undefined) return isDone(key, { text: `${again.text}, next_requested`, values }, BUSY);
    const given = {
      text: toDue(queue, ', again = :again, next_requested = :requested').text,
      values: { ...values, ':requested': requested },
    };
    if (await isDone(key, given, { text: `${BUSY.text} AND attribute_not_exists(again)` })) return true;
    // What was asked for first stands.
    return isDone(key, { text: again.text, values }, BUSY);
  }

  async function list(shop: string): Promise<Map<string, JobState>> {
    const jobs = new Map<string, JobState>();
    const time = now().getTime();
    for await (const item of items.list(keyOf(shop, '').pk)) {
      const { progress, requested, stalled, ...job } = stored.parse(item);
      const { held_until: until, due_at: dueAt, request_id: requestId } = job;
      const isHeld = until !== undefined && until > time;
      jobs.set(String(item['sk']), { progress, requested, stalled, isHeld, dueAt, requestId });
    }
    return jobs;
  }

  async function request(shop: string, name: string, queue: JobQueue, requested?: object): Promise<void> {
    const key = keyOf(shop, name);
    await retryConflicts(REQUEST_ATTEMPTS, 'A job begins and ends too often at once', async () => {
      if (await makeDue(key, queue, requested, UNASKED)) return true;
      return (await makeDueAgain(key, queue, requested)) || undefined;
    });
  }

  return {
    request,

    requestIfIdle: (shop, name, queue, requested) =>
      makeDue(keyOf(shop, name), queue, requested, UNREQUESTED),

    async schedule(shop, name, queue, at) {
      const update = {
        text: 'SET due_at = :due, due_queue = if_not_exists(due_queue, :queue)',
        values: { ':due': at.toISOString(), ':queue': queue },
      };
      const isLater = '(attribute_not_exists(due_at) OR due_at > :due)';
      if (await isDone(keyOf(shop, name), update, { text: `attribute_not_exists(holder) AND ${isLater}` }))
        return;
      const again = { text: 'SET again = :again', values: { ':again': true } };
      await items.update(keyOf(shop, name), again, { text: 'attribute_exists(holder)' });
    },

    async claim(shop, name, queue) {
      const key = keyOf(shop, name);
      const time = now();
      const isDue = {
        text: 'due_at <= :now_iso AND due_queue = :queue AND (attribute_not_exists(version) OR version <= :version)',
        values: { ':now_iso': time.toISOString(), ':queue': queue },
      };
      const until = new Date(time.getTime() + leaseMs).toISOString();
      const also = {
        text: 'due_at = :lease_end, version = :version',
        values: { ':lease_end': until, ':version': version },
      };
      const lease = await takeLease(items, key, time, leaseMs, { condition: isDue, also });
      return lease && toClaim(key, lease.isHeld, lease.item);
    },

    async *listDue(queue) {
      const pages = queryPages(deps.client, {
        TableName: deps.table,
        IndexName: ledgerTable.indexes[0].name,
        KeyConditionExpression: 'due_queue = :queue AND due_at <= :now',
        ExpressionAttributeValues: { ':queue': queue, ':now': now().toISOString() },
      });
      for await (const page of pages)
        for (const { pk, sk } of page) {
          const shop = SPLIT.exec(String(pk))?.groups?.['shop'];
          if (shop !== undefined) yield { shop, name: String(sk) };
        }
    },

    list,

    async resume(shop) {
      const resumed: string[] = [];
      const values = { ':due': now().toISOString(), ':none': 0 };
      const isWaiting = {
        text: 'attribute_exists(stalled) AND attribute_not_exists(holder) AND due_at > :due',
      };
      for (const [name, { stalled }] of await list(shop)) {
        if (stalled === undefined) continue;
        const update = { text: 'SET due_at = :due, stalled.attempts = :none', values };
        if (await isDone(keyOf(shop, name), update, isWaiting)) resumed.push(name);
      }
      return resumed;
    },

    async cancel(shop, listed) {
      for (const [name, { requestId }] of listed) {
        const isUnchanged =
          requestId === undefined
            ? { text: 'attribute_not_exists(request_id)' }
            : { text: 'request_id = :id', values: { ':id': requestId } };
        await items.remove(keyOf(shop, name), isUnchanged);
      }
    },
  };
}
