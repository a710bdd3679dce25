import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check, each time after so many milliseconds, until it passes; after the limit in milliseconds it fails as the check last did. */
export async function eventually<T>(check: () => Promise<T> | T, limit = 10_000, every = 20): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(every);
    }
  }
}
