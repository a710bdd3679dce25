import { setTimeout as sleep } from 'node:timers/promises';

/** Cuts the waiting for a shop's bulk operations short. */
export interface BulkFinished {
  /**
   * Resolves after so many milliseconds, or as soon as the shop is nudged.
   * @throws the signal's reason
   */
  wait(shop: string, milliseconds: number, signal: AbortSignal): Promise<void>;
  /** A bulk operation of the shop may be over. */
  notify(shop: string): void;
}

export function createBulkFinished(): BulkFinished {
  const waiting = new Map<string, Set<AbortController>>();

  return {
    async wait(shop, milliseconds, signal) {
      const nudged = new AbortController();
      const others = waiting.get(shop) ?? new Set();
      waiting.set(shop, others.add(nudged));
      // Rejected by a nudge it is over as well; by the signal the last line throws.
      await sleep(milliseconds, undefined, { signal: AbortSignal.any([nudged.signal, signal]) }).catch(
        () => undefined,
      );
      others.delete(nudged);
      if (others.size === 0) waiting.delete(shop);
      signal.throwIfAborted();
    },

    notify(shop) {
      for (const one of waiting.get(shop) ?? []) one.abort();
    },
  };
}
