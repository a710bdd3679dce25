import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check at an interval until it passes; after the limit it throws the last error. Both in milliseconds. */
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
