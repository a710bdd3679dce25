import type { Logger } from '../../log.ts';

/** The shops' work that is under way in this process. */
export interface Tasks {
  /** Aborted when all work has to come to its end. */
  readonly signal: AbortSignal;
  /** Does work for a shop; its failure is logged and touches nothing else. */
  runSafely(shop: string, work: () => Promise<unknown>): Promise<void>;
  /** Does work unless it goes on already. */
  runExclusive(name: string, work: () => Promise<void>): Promise<void>;
  /** Does work; if it goes on already, once more after that. Resolves when nothing more is asked for. */
  runCoalesced(name: string, work: () => Promise<void>): Promise<void>;
  /** Begins nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export function createTasks({ log }: { readonly log: Logger }): Tasks {
  const stopped = new AbortController();
  const running = new Set<Promise<unknown>>();
  const busy = new Set<string>();
  const asked = new Set<string>();
  const repeating = new Map<string, Promise<void>>();

  async function repeat(name: string, work: () => Promise<void>): Promise<void> {
    try {
      while (asked.delete(name)) await work();
    } finally {
      // At once: whoever asks from here on finds nobody who would do it.
      repeating.delete(name);
    }
  }

  return {
    signal: stopped.signal,

    async runSafely(shop, work) {
      if (stopped.signal.aborted) return;
      const promise: Promise<unknown> = work().catch((error: unknown) => {
        if (!stopped.signal.aborted) log.warn({ err: error, shop }, 'background work failed');
      });
      running.add(promise);
      await promise;
      running.delete(promise);
    },

    async runExclusive(name, work) {
      if (busy.has(name)) return;
      busy.add(name);
      try {
        await work();
      } finally {
        busy.delete(name);
      }
    },

    runCoalesced(name, work) {
      asked.add(name);
      let under = repeating.get(name);
      if (under === undefined) {
        under = repeat(name, work);
        repeating.set(name, under);
      }
      return under;
    },

    async stop() {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
