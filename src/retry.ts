import pRetry from 'p-retry';
import { AppError } from './errors.ts';

interface RetryOptions {
  /** Calls in total. */
  readonly attempts: number;
  /** Milliseconds before the second call; doubles each time, with jitter. */
  readonly firstWait: number;
  readonly shouldRetry: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Retries `work` with exponential back-off.
 * @throws the last error, the first error that `shouldRetry` rejects, or the signal's reason
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
 * Retries an optimistic update until it succeeds; `change` resolves to undefined on a conflict.
 * @throws AppError `store_failed` with the message after the last attempt
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
