import type { SyncContext } from '../sync-context.ts';

const DAY_MS = 86_400_000;

/** A day after a question, or after the alarm before. */
export const nextAlarm = (now: Date): Date => new Date(now.getTime() + DAY_MS);

/**
 * Alarms for as long as the last full sync has found more users to remove than it may, and nobody has answered. Resolves
 * to when to look again; undefined: nothing is asked any more.
 * @throws AppError `store_failed`
 */
export async function alarmOfRemovals(
  { ledger, metrics, log, now }: Pick<SyncContext, 'ledger' | 'metrics' | 'log' | 'now'>,
  shop: string,
): Promise<Date | undefined> {
  const { last } = await ledger.fullSyncReports.latest(shop);
  if (last === undefined || last.unconfirmed_removals === 0) return undefined;
  const { unconfirmed_removals: removals, finished_at: since } = last;
  metrics.removalsUnanswered.inc();
  log.error(
    { shop, removals, since },
    'people whom Shopify has no more wait for a word on whether to remove them',
  );
  return nextAlarm(now());
}
