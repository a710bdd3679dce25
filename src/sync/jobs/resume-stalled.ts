import type { SyncContext } from '../sync-context.ts';

const INTERVAL_MS = 5 * 60_000;

/**
 * Makes the jobs of a shop due that stall: a delivery has come or the page was opened, so Shopify may answer again. At
 * most once in five minutes. Never rejects.
 */
export type ResumeStalled = (shop: string) => Promise<void>;

export function createResumeStalled({
  ledger,
  log,
  now,
}: Pick<SyncContext, 'ledger' | 'log' | 'now'>): ResumeStalled {
  const resumed = new Map<string, number>();

  return async function resumeStalled(shop) {
    const time = now().getTime();
    const before = resumed.get(shop);
    if (before !== undefined && time - before < INTERVAL_MS) return;
    resumed.set(shop, time);
    try {
      await ledger.jobs.resume(shop);
    } catch (error) {
      log.warn({ err: error, shop }, 'stalled jobs not resumed');
    }
  };
}
