import type { JobClaim, JobQueue } from '../../ledger/jobs.ts';

/**
 * When a job is due next: another run; with `pauseUntil` the same one, which has to wait for something; undefined: not
 * before it is requested.
 */
export type Next = Date | { readonly pauseUntil: Date } | undefined;

/** What is done for one kind of job. */
export interface Flow {
  readonly queue: JobQueue;
  /**
   * Works on a claimed job of a shop to its end, or until it has to wait, or throws. Resolves to when it is due next.
   * @param name the job's, where several jobs share a flow: `fan_out#<plan>`
   * @throws the stop's reason when it has to end early; AppError: it is tried again later, see back-off.ts
   */
  run(shop: string, claim: JobClaim, stop: AbortSignal, name: string): Promise<Next>;
}
