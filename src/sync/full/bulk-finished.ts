import type { SyncContext } from '../sync-context.ts';

/** Cuts the waiting for a shop's bulk operations short. */
export interface BulkFinished {
  /**
   * Resolves after so many milliseconds, or as soon as the shop is notified.
   * @throws the signal's reason
   */
  wait(shop: string, milliseconds: number, signal: AbortSignal): Promise<void>;
  /** A bulk operation of the shop may be over. */
  notify(shop: string): void;
}

export function createBulkFinished({ sleep }: Pick<SyncContext, 'sleep'>): BulkFinished {
  const waiting = new Map<string, Set<AbortController>>();

  return {
    async wait(shop, milliseconds, signal) {
      const notified = new AbortController();
      const others = waiting.get(shop) ?? new Set();
      waiting.set(shop, others.add(notified));
      // Rejected by a notice it is over as well; by the signal the last line throws.
      await sleep(milliseconds, AbortSignal.any([notified.signal, signal])).catch(() => undefined);
      others.delete(notified);
      if (others.size === 0) waiting.delete(shop);
      signal.throwIfAborted();
    },

    notify(shop) {
      for (const one of waiting.get(shop) ?? []) one.abort();
    },
  };
}
