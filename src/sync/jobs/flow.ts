import type { JobClaim, JobQueue } from '../../ledger/jobs.ts';

/** What is done for one kind of job. */
export interface Flow {
  readonly queue: JobQueue;
  /**
   * Works on a claimed job of a shop to its end, or throws. Resolves to when the job is due next; undefined: not before
   * it is requested.
   * @param name the job's, where several jobs share a flow: `fan_out#<plan>`
   * @throws the stop's reason when it has to end early; AppError: it is tried again later, see back-off.ts
   */
  run(shop: string, claim: JobClaim, stop: AbortSignal, name: string): Promise<Date | undefined>;
}
