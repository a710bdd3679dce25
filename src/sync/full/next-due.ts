import type { FullSyncReport } from '../../ledger/full-sync-reports.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/**
 * When a shop's full sync is due of its own accord: a week after a complete one; after one that is not complete in an
 * hour, doubling to a day as long as none is. Checks do not move it.
 * @param applied the last report of mode `apply`
 */
export function nextDue(applied: FullSyncReport | undefined, now: Date): Date {
  if (applied === undefined) return now;
  const { complete, incomplete_runs: runs, finished_at } = applied;
  const wait = complete ? WEEK_MS : Math.min(DAY_MS, HOUR_MS * 2 ** (runs - 1));
  return new Date(Date.parse(finished_at) + wait);
}
