import type { JobClaim } from '../../ledger/jobs.ts';

/** A claimed job whose claim is kept for as long as the work takes. */
export interface HeldJob<Progress> {
  readonly progress: () => Progress;
  /** Aborted when the job has to stop, or when it is no longer ours. */
  readonly signal: AbortSignal;
  /** Changes progress; it is saved within a third of the claim's time, or at once. */
  note(changes: Partial<Progress>): void;
  /** @throws the signal's reason if the job is no longer ours, AppError `store_failed` */
  save(changes: Partial<Progress>): Promise<void>;
}

/**
 * Works on a claimed job, keeping the claim alive while long waits or slow writes go on. What is noted when the work
 * fails or is stopped is saved if the job is still ours; of work that has ended nothing has to be kept.
 * @throws what the work throws, the stop's reason, AppError `store_failed`
 */
export async function holdJob<Progress extends object, Result>(
  claim: JobClaim,
  first: Progress,
  stop: AbortSignal,
  work: (job: HeldJob<Progress>) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  let progress = first;
  let last: Promise<unknown> = Promise.resolve();

  async function keepAfter(before: Promise<unknown>): Promise<void> {
    await before;
    if (!lost.signal.aborted && !(await claim.save(progress))) lost.abort();
  }

  /** One write after the other: of two that are under way at once the older might come last. */
  function keep(): Promise<void> {
    const next = keepAfter(last);
    last = next.catch(() => undefined);
    return next;
  }

  function note(changes: Partial<Progress>): void {
    progress = { ...progress, ...changes };
  }

  async function save(changes: Partial<Progress>): Promise<void> {
    note(changes);
    await keep();
    signal.throwIfAborted();
  }

  const timer = setInterval(() => {
    // Without an answer the claim may run out; then the next save says so.
    void keep().catch(() => undefined);
  }, claim.leaseMs / 3);

  try {
    await save({});
    return await work({ progress: () => progress, signal, note, save });
  } catch (error) {
    // What the work failed of is told, not that its progress cannot be saved.
    await keep().catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
    await last;
  }
}
