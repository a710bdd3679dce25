import type { SyncStates } from '../../ledger/sync-state.ts';
import type { Logger } from '../../log.ts';
import type { Refresh } from './refresh.ts';

export interface RecordLastChangeDeps {
  readonly states: Pick<SyncStates, 'recordChange'>;
  readonly log: Logger;
  readonly now: () => Date;
}

/** The page says when the last change came; to the minute is exact enough for one write a minute. */
const EVERY_MS = 60_000;

/** A Refresh of what webhooks have told, which notes that they came. */
export function recordLastChange(refresh: Refresh, { states, log, now }: RecordLastChangeDeps): Refresh {
  const noted = new Map<string, number>();

  return async function refreshAndNote(shop, shopifyIds, options) {
    const results = await refresh(shop, shopifyIds, options);
    const time = now().getTime();
    if (time - (noted.get(shop) ?? 0) < EVERY_MS) return results;
    noted.set(shop, time);
    try {
      await states.recordChange(shop);
    } catch (error) {
      log.warn({ err: error, shop }, 'last change not noted');
    }
    return results;
  };
}
