import { setTimeout as delay } from 'node:timers/promises';

interface Bounds {
  /** Milliseconds, as all of these. */
  readonly maxWait: number;
  readonly minDelay?: number;
  readonly maxDelay?: number;
}

/**
 * Asks again and again, at growing distances, until the answer is true.
 * @returns false if the time was over before
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
