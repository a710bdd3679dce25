import type { Unrefreshed } from '../../ledger/pending-refreshes.ts';
import type { Pace } from '../../users/write-limiter.ts';
import type { Refresh, Refreshed } from './refresh.ts';

/**
 * Refreshes exactly the customers of whom it is noted that their snapshot is missing, and takes the notes of those away
 * who are dealt with. Resolves to how many users were not what Shopify says.
 * @throws AppError `store_failed` and those of Admin; what is not done stays noted
 */
export type RefreshNoted = (shop: string, signal: AbortSignal) => Promise<number>;

export interface RefreshNotedDeps {
  readonly unrefreshed: Unrefreshed;
  readonly refresh: Refresh;
  readonly pace: Pace;
}

const BATCH = 50;

/** Whether a snapshot has said what it could; else another one has to. */
export const isSettled = (result: Refreshed | undefined): boolean =>
  result !== undefined && result !== 'moved' && result !== 'behind';

export function createRefreshNoted({ unrefreshed, refresh, pace }: RefreshNotedDeps): RefreshNoted {
  return async function refreshNoted(shop, signal) {
    let healed = 0;

    async function settle(marks: ReadonlyMap<string, string>): Promise<void> {
      const options = { priority: 'background', signal, pace } as const;
      const results = await refresh(shop, [...marks.keys()], options);
      for (const [id, mark] of marks) {
        if (results.get(id) === 'written') healed += 1;
        if (isSettled(results.get(id))) await unrefreshed.clear(shop, id, mark);
      }
    }

    let marks = new Map<string, string>();
    for await (const { shopifyId, mark } of unrefreshed.list(shop)) {
      marks.set(shopifyId, mark);
      if (marks.size < BATCH) continue;
      await settle(marks);
      marks = new Map();
    }
    if (marks.size > 0) await settle(marks);
    return healed;
  };
}
