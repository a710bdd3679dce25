import type { SyncContext } from '../sync/sync-context.ts';

/** The page says when the last change came; to the minute is exact enough for one write a minute. */
const INTERVAL_MS = 60_000;

/** Records that webhooks have told something of a shop's customers, at most once a minute. Never rejects. */
export type RecordLastChange = (shop: string) => Promise<void>;

export function createRecordLastChange({
  ledger,
  log,
  now,
}: Pick<SyncContext, 'ledger' | 'log' | 'now'>): RecordLastChange {
  const recorded = new Map<string, number>();

  return async function recordLastChange(shop) {
    const time = now().getTime();
    if (time - (recorded.get(shop) ?? 0) < INTERVAL_MS) return;
    recorded.set(shop, time);
    try {
      await ledger.states.recordChange(shop);
    } catch (error) {
      log.warn({ err: error, shop }, 'last change not recorded');
    }
  };
}
