import type { JobClaim } from '../ledger/jobs.ts';

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
