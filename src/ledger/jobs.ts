import { createItems, type Expression, type ItemsDeps, type Key } from './items.ts';
import { LEASE_ATTRIBUTES, takeLease } from './lease.ts';

/** A job that this process alone works on, until it lets go or has not been heard of for half a minute. */
export interface JobClaim {
  /** What was saved last, by whichever process; undefined at the first claim. */
  readonly progress: unknown;
  /** How long the claim lasts after it was saved last, in milliseconds. */
  readonly leaseMs: number;
  /** Saves progress and keeps the claim. False: another process has taken over; stop. */
  save(progress: object): Promise<boolean>;
  release(): Promise<void>;
}

/** What is known of a job. */
export interface JobState {
  /** As it was saved last. */
  readonly progress: unknown;
  /** Whether a process works on it now. */
  readonly isHeld: boolean;
}

/** Long work, one process at a time for each job, resumable by any other. */
export interface Jobs {
  /** Undefined as long as another process works on it. */
  claim(shop: string, id: string): Promise<JobClaim | undefined>;
  /** The shop's jobs, by id. */
  list(shop: string): Promise<ReadonlyMap<string, JobState>>;
}

export interface JobsDeps extends ItemsDeps {
  readonly now: () => Date;
  /** How long a claim outlives its process, in milliseconds. */
  readonly leaseMs?: number | undefined;
}

/** @throws AppError `store_failed` from every function */
export function createJobs({ now, leaseMs = 30_000, ...deps }: JobsDeps): Jobs {
  const items = createItems(deps);

  function toClaim(key: Key, isHeld: Expression, progress: unknown): JobClaim {
    return {
      progress,
      leaseMs,
      async save(next) {
        const update = {
          text: 'SET progress = :progress, held_until = :until',
          values: { ':progress': next, ':until': now().getTime() + leaseMs },
        };
        return (await items.update(key, update, isHeld)) !== undefined;
      },
      async release() {
        await items.update(key, { text: `REMOVE ${LEASE_ATTRIBUTES}` }, isHeld);
      },
    };
  }

  return {
    async claim(shop, id) {
      const key = { pk: `${shop}#job`, sk: id };
      const lease = await takeLease(items, key, now(), leaseMs);
      return lease && toClaim(key, lease.isHeld, lease.item['progress']);
    },

    async list(shop) {
      const jobs = new Map<string, JobState>();
      const time = now().getTime();
      for await (const { sk, progress, held_until: until } of items.list(`${shop}#job`))
        jobs.set(String(sk), { progress, isHeld: typeof until === 'number' && until > time });
      return jobs;
    },
  };
}
