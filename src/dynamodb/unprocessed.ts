import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';

const FRUITLESS_ATTEMPTS = 6;
const FIRST_WAIT_MS = 25;

/**
 * Repeats a batch until DynamoDB leaves no keys unprocessed (more than 16 MB, or throttled): at once after progress,
 * otherwise with exponential back-off and jitter.
 * @param send sends keys; resolves to the unprocessed ones
 * @throws AppError `store_failed` after 6 attempts in a row without progress
 */
export async function untilProcessed<Key>(
  keys: readonly Key[],
  send: (keys: readonly Key[]) => Promise<readonly Key[]>,
): Promise<void> {
  let waiting = keys;
  let fruitless = 0;
  while (waiting.length > 0) {
    const left = await send(waiting);
    fruitless = left.length < waiting.length ? 0 : fruitless + 1;
    if (fruitless === FRUITLESS_ATTEMPTS)
      throw new AppError('store_failed', 'DynamoDB leaves a batch unprocessed');
    if (fruitless > 0) await sleep(FIRST_WAIT_MS * 2 ** fruitless * (0.5 + Math.random() / 2));
    waiting = left;
  }
}
