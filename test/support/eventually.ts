import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats a check, each time after so many milliseconds, until it passes; after the limit in milliseconds it fails as the
 * check last did. The limit only ends a test that fails: even a machine ten times slower is far below it.
 */
export async function eventually<T>(check: () => Promise<T> | T, limit = 60_000, every = 20): Promise<T> {
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
