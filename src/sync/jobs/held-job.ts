import type { JobClaim, Jobs } from '../../ledger/jobs.ts';

/** A claimed job whose claim is kept for as long as it takes. */
export interface HeldJob<Progress> {
  readonly progress: () => Progress;
  /** Aborted when the job has to stop, or when another process has taken it over. */
  readonly signal: AbortSignal;
  /** Notes progress; it is saved within a third of the claim's time, or at once. */
  note(changes: Partial<Progress>): void;
  /** @throws the signal's reason if the job is no longer ours, AppError `store_failed` */
  save(changes: Partial<Progress>): Promise<void>;
  /** Saves what is noted if it is still ours, and lets go. */
  end(): Promise<void>;
}

/** Keeps a claim alive while long waits or slow writes go on. */
export function holdJob<Progress extends object>(
  claim: JobClaim,
  first: Progress,
  stop: AbortSignal,
): HeldJob<Progress> {
  const lost = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  let progress = first;

  async function keep(): Promise<void> {
    if (!lost.signal.aborted && !(await claim.save(progress))) lost.abort();
  }

  const timer = setInterval(() => {
    // Without an answer the claim may run out; then the next save says so.
    void keep().catch(() => undefined);
  }, claim.leaseMs / 3);

  function note(changes: Partial<Progress>): void {
    progress = { ...progress, ...changes };
  }

  return {
    progress: () => progress,
    signal,
    note,
    async save(changes) {
      note(changes);
      await keep();
      signal.throwIfAborted();
    },
    async end() {
      clearInterval(timer);
      await keep();
      if (!lost.signal.aborted) await claim.release();
    },
  };
}

/**
 * Claims a job of a shop and saves where it begins; undefined as long as a process is at it.
 * @param toFirst where it begins, given what was saved of the run before
 * @throws the stop's reason, AppError `store_failed`
 */
export async function takeJob<Progress extends object>(
  jobs: Jobs,
  { shop, name }: { readonly shop: string; readonly name: string },
  toFirst: (saved: unknown) => Progress,
  stop: AbortSignal,
): Promise<HeldJob<Progress> | undefined> {
  const claim = await jobs.claim(shop, name);
  if (claim === undefined) return undefined;
  const job = holdJob(claim, toFirst(claim.progress), stop);
  try {
    await job.save({});
    return job;
  } catch (error) {
    await job.end();
    throw error;
  }
}

/** Does a job and lets go of it, however that ends. Undefined if it had to stop or another process has taken it over. */
export async function finishJob<Result>(
  job: Pick<HeldJob<object>, 'signal' | 'end'>,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (job.signal.aborted) return undefined;
    throw error;
  } finally {
    await job.end();
  }
}
