import { AppError } from '../../errors.ts';

const TIMEOUT_MS = 10_000;

/**
 * Does what somebody waits for at the page, with a signal for everything in it that can be given up.
 * @param patience milliseconds for the whole
 * @throws AppError `admin_api_unavailable` when they are over, and whatever `work` throws by itself
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  patience = TIMEOUT_MS,
): Promise<T> {
  const signal = AbortSignal.timeout(patience);
  try {
    return await work(signal);
  } catch (cause) {
    if (!signal.aborted || cause instanceof AppError) throw cause;
    throw new AppError('admin_api_unavailable', 'Shopify takes too long to answer', { cause });
  }
}
