import { setTimeout as delay } from 'node:timers/promises';

interface Bounds {
  /** All in milliseconds. */
  readonly maxWait: number;
  readonly minDelay?: number;
  readonly maxDelay?: number;
}

/**
 * Polls with growing delays until the answer is true.
 * @returns false if maxWait is over first
 */
export async function waitUntil(
  done: () => Promise<boolean>,
  { maxWait, minDelay = 100, maxDelay = 15_000 }: Bounds,
): Promise<boolean> {
  const end = Date.now() + maxWait;
  let distance = minDelay;
  while (!(await done())) {
    if (Date.now() + distance > end) return false;
    await delay(distance);
    distance = Math.min(distance * 2, maxDelay);
  }
  return true;
}
