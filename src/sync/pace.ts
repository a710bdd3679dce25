import pThrottle from 'p-throttle';

/** Resolves when so many write units may be used. */
export type Pace = (units: number) => Promise<void>;

/** Keeps background work within a number of write units a second in this process, so that webhooks have the rest. */
export function createPace(unitsPerSecond: number): Pace {
  const throttle = pThrottle({ limit: unitsPerSecond, interval: 1000, weight: (units: number) => units });
  return throttle(async () => undefined);
}
