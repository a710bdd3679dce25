import { z } from 'zod';
import { queryPages } from '../dynamodb/query-pages.ts';
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
  /** Attempts in a row that came to nothing. */
  attempts: z.number(),
});
export type Stalled = z.infer<typeof stalledSchema>;

/** A job that this process alone works on, until it lets go or has not been heard of for half a minute. */
export interface JobClaim {
  /** What was saved last by whichever process began this run; undefined: nobody has begun. */
  readonly progress: unknown;
  /** What was asked for with the request; undefined: nothing in particular. */
  readonly requested: unknown;
  readonly stalled: Stalled | undefined;
  /** How long the claim lasts after it was saved last, in milliseconds. */
  readonly leaseMs: number;
  /** Saves progress and keeps the claim. False: another process has taken over; stop. */
  save(progress: object): Promise<boolean>;
  /** Ends the run. Due again then, or at once if it was requested meanwhile; undefined: not before a request. */
  finish(next: Date | undefined): Promise<void>;
  /** Lets go of a run that has not ended: whoever takes it then goes on where it was saved last. */
  pause(until: Date, stalled?: Stalled): Promise<void>;
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
}

interface DueJob {
  readonly shop: string;
  readonly name: string;
}

/** The work of all shops that no request waits for: one process at a time for each job, resumable by any other. */
export interface Jobs {
  /**
   * Makes a job due at once, also one that stalls; if a run is under way, once more after it.
   * @param requested what is asked for, in place of what was asked for before
   */
  request(shop: string, name: string, queue: JobQueue, requested?: object): Promise<void>;
  /** The same, unless a run is under way or left: then false. */
  requestIfIdle(shop: string, name: string, queue: JobQueue, requested: object): Promise<boolean>;
  /** Makes a job due by an instant; one that is due earlier stays so. */
  schedule(shop: string, name: string, queue: JobQueue, at: Date): Promise<void>;
  /** Takes a job that is due. Undefined: it is not, or another process works on it, or a later version wrote it. */
  claim(shop: string, name: string, queue: JobQueue): Promise<JobClaim | undefined>;
  /** The jobs of a queue that are due now, of all shops, the longest due first; an index tells, which may lag behind. */
  listDue(queue: JobQueue): AsyncGenerator<DueJob>;
  /** The shop's jobs, by name. */
  list(shop: string): Promise<ReadonlyMap<string, JobState>>;
  /** Makes the jobs due that stall: Shopify may answer again. */
  resume(shop: string): Promise<void>;
  /** Nothing of the shop is due any more until it is requested. */
  cancel(shop: string): Promise<void>;
}

export interface JobsDeps extends ItemsDeps {
  readonly now: () => Date;
  /** How long a claim outlives its process, in milliseconds. */
  readonly leaseMs?: number | undefined;
  /** Of what a job's progress and requested look like: a process leaves the jobs of a later version alone. */
  readonly version?: number | undefined;
}

const VERSION = 1;
const JOB = '#job';
const SPLIT = /^(?<shop>.+)#job$/;

const stored = z.object({
  progress: z.unknown().optional(),
  requested: z.unknown().optional(),
  stalled: stalledSchema.optional().catch(undefined),
  requests: z.number().catch(0),
  held_until: z.number().optional().catch(undefined),
  due_at: z.string().optional().catch(undefined),
});

/** @throws AppError `store_failed` from every function */
export function createJobs({ now, leaseMs = 30_000, version = VERSION, ...deps }: JobsDeps): Jobs {
  const items = createItems(deps);
  const keyOf = (shop: string, name: string) => ({ pk: `${shop}${JOB}`, sk: name });
  const toQueue = (queue: JobQueue) => `${version}#${queue}`;

  function toClaim(key: Key, isHeld: Expression, item: unknown): JobClaim {
    const { progress, requested, stalled, requests } = stored.parse(item);
    const isUnrequested: Expression = {
      text: `${isHeld.text} AND ${requests === 0 ? 'attribute_not_exists(requests)' : 'requests = :requests'}`,
      values: { ...isHeld.values, ...(requests > 0 && { ':requests': requests }) },
    };

    return {
      progress,
      requested,
      stalled,
      leaseMs,

      async save(next) {
        const until = now().getTime() + leaseMs;
        const update = {
          text: 'SET progress = :progress, held_until = :until, due_at = :due',
          values: { ':progress': next, ':until': until, ':due': new Date(until).toISOString() },
        };
        return (await items.update(key, update, isHeld)) !== undefined;
      },

      async finish(next) {
        const ended = `${LEASE_ATTRIBUTES}, progress, stalled`;
        const update =
          next === undefined
            ? { text: `REMOVE ${ended}, requested, due_at, due_queue` }
            : {
                text: `SET due_at = :due REMOVE ${ended}, requested`,
                values: { ':due': next.toISOString() },
              };
        if ((await items.update(key, update, isUnrequested)) !== undefined) return;
        const again = { text: `SET due_at = :due REMOVE ${ended}`, values: { ':due': now().toISOString() } };
        await items.update(key, again, isHeld);
      },

      async pause(until, why) {
        const remove = why === undefined ? `${LEASE_ATTRIBUTES}, stalled` : LEASE_ATTRIBUTES;
        await items.update(
          key,
          {
            text: `SET due_at = :due${why === undefined ? '' : ', stalled = :stalled'} REMOVE ${remove}`,
            values: { ':due': until.toISOString(), ...(why && { ':stalled': why }) },
          },
          isHeld,
        );
      },
    };
  }

  /** @returns false if the condition does not hold */
  async function makeDue(
    key: Key,
    queue: JobQueue,
    requested: object | undefined,
    condition?: Expression,
  ): Promise<boolean> {
    const update = {
      text:
        'SET due_at = :due, due_queue = if_not_exists(due_queue, :queue)' +
        `${requested === undefined ? '' : ', requested = :requested'} REMOVE stalled ADD requests :one`,
      values: {
        ':due': now().toISOString(),
        ':queue': toQueue(queue),
        ':one': 1,
        ...(requested && { ':requested': requested }),
      },
    };
    return (await items.update(key, update, condition)) !== undefined;
  }

  async function list(shop: string): Promise<Map<string, JobState>> {
    const jobs = new Map<string, JobState>();
    const time = now().getTime();
    for await (const item of items.list(keyOf(shop, '').pk)) {
      const { progress, requested, stalled, held_until: until, due_at: dueAt } = stored.parse(item);
      const isHeld = until !== undefined && until > time;
      jobs.set(String(item['sk']), { progress, requested, stalled, isHeld, dueAt });
    }
    return jobs;
  }

  return {
    async request(shop, name, queue, requested) {
      const key = keyOf(shop, name);
      // While a process holds the job, its due time is the end of its lease: the counter alone asks for another run.
      const isFree = {
        text: '(attribute_not_exists(held_until) OR held_until < :now)',
        values: { ':now': now().getTime() },
      };
      if (await makeDue(key, queue, requested, isFree)) return;
      const text = `${requested === undefined ? '' : 'SET requested = :requested '}ADD requests :one`;
      await items.update(key, {
        text,
        values: { ':one': 1, ...(requested && { ':requested': requested }) },
      });
    },

    requestIfIdle: (shop, name, queue, requested) =>
      makeDue(keyOf(shop, name), queue, requested, {
        text: 'attribute_not_exists(progress) AND (attribute_not_exists(held_until) OR held_until < :now)',
        values: { ':now': now().getTime() },
      }),

    async schedule(shop, name, queue, at) {
      await items.update(
        keyOf(shop, name),
        {
          text: 'SET due_at = :due, due_queue = if_not_exists(due_queue, :queue)',
          values: { ':due': at.toISOString(), ':queue': toQueue(queue) },
        },
        { text: 'attribute_not_exists(due_at) OR due_at > :due' },
      );
    },

    async claim(shop, name, queue) {
      const key = keyOf(shop, name);
      const time = now();
      const until = new Date(time.getTime() + leaseMs).toISOString();
      const isDue = {
        text: 'due_at <= :now_iso AND due_queue = :queue',
        values: { ':now_iso': time.toISOString(), ':queue': toQueue(queue) },
      };
      const also = { text: 'due_at = :lease_end', values: { ':lease_end': until } };
      const lease = await takeLease(items, key, time, leaseMs, { condition: isDue, also });
      return lease && toClaim(key, lease.isHeld, lease.item);
    },

    async *listDue(queue) {
      const pages = queryPages(deps.client, {
        TableName: deps.table,
        IndexName: ledgerTable.indexes[0].name,
        KeyConditionExpression: 'due_queue = :queue AND due_at <= :now',
        ExpressionAttributeValues: { ':queue': toQueue(queue), ':now': now().toISOString() },
      });
      for await (const page of pages)
        for (const { pk, sk } of page) {
          const shop = SPLIT.exec(String(pk))?.groups?.['shop'];
          if (shop !== undefined) yield { shop, name: String(sk) };
        }
    },

    list,

    async resume(shop) {
      const time = now().toISOString();
      for (const [name, { stalled }] of await list(shop))
        if (stalled !== undefined)
          await items.update(
            keyOf(shop, name),
            { text: 'SET due_at = :due', values: { ':due': time } },
            { text: 'attribute_exists(stalled) AND due_at > :due' },
          );
    },

    async cancel(shop) {
      for (const name of (await list(shop)).keys())
        await items.update(
          keyOf(shop, name),
          { text: 'REMOVE due_at, due_queue' },
          {
            text: 'attribute_not_exists(held_until) OR held_until < :now',
            values: { ':now': now().getTime() },
          },
        );
    },
  };
}
