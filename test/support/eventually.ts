import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check until it passes; after the limit in milliseconds it fails as the check last did. */
export async function eventually<T>(check: () => Promise<T> | T, limit = 10_000): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}
