import pRetry from 'p-retry';
import { AppError } from './errors.ts';

interface RetryOptions {
  /** Calls in all. */
  readonly attempts: number;
  /** Milliseconds before the second call; each further wait is twice as long, all with jitter. */
  readonly firstWait: number;
  readonly shouldRetry: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Calls `work` again after an error that may pass, with exponential back-off.
 * @throws the last error, or the first one that is not to be retried; the signal's reason
 */
export async function retry<T>(
  work: () => Promise<T>,
  { attempts, firstWait, shouldRetry, signal }: RetryOptions,
): Promise<T> {
  return pRetry(work, {
    retries: attempts - 1,
    minTimeout: firstWait,
    randomize: true,
    shouldRetry: ({ error }) => shouldRetry(error),
    ...(signal && { signal }),
  });
}

/**
 * Calls an optimistic change again as long as somebody else is first, which it says by undefined.
 * @throws AppError `store_failed` with the message after so many attempts
 */
export async function retryConflicts<T>(
  attempts: number,
  message: string,
  change: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const result = await change();
    if (result !== undefined) return result;
  }
  throw new AppError('store_failed', message);
}
