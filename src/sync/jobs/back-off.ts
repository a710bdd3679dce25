import { AppError } from '../../errors.ts';
import type { Stalled } from '../../ledger/jobs.ts';

const MINUTE_MS = 60_000;
const FIRST_TRANSIENT_MS = 30_000;
const MAX_TRANSIENT_MS = 5 * MINUTE_MS;
const FIRST_REFUSED_MS = 5 * MINUTE_MS;
const MAX_REFUSED_MS = 6 * 60 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

const REFUSALS: ReadonlySet<string> = new Set([
  'admin_api_refused',
  'reauthorization_needed',
  'token_unreadable',
]);

/** Whether Shopify refuses, which hardly passes within minutes; anything else is a failure for now. */
const isRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && REFUSALS.has(error.code);

function toDelay(attempts: number, refused: boolean): number {
  const doublings = 2 ** (attempts - 1);
  if (!refused) return Math.min(MAX_TRANSIENT_MS, FIRST_TRANSIENT_MS * doublings);
  const isCapped = FIRST_REFUSED_MS * doublings >= 2 * MAX_REFUSED_MS;
  return isCapped ? DAY_MS : Math.min(MAX_REFUSED_MS, FIRST_REFUSED_MS * doublings);
}

interface BackOff {
  readonly until: Date;
  readonly stalled: Stalled;
}

/**
 * When a job that failed is tried again: what Shopify refuses after 5 minutes, doubling to 6 hours, then daily; what
 * failed for now after 30 seconds, doubling to 5 minutes.
 */
export function backOff(error: unknown, before: Stalled | undefined, now: Date): BackOff {
  const reason = error instanceof AppError ? (error.reason ?? error.code) : 'internal';
  const attempts = (before?.attempts ?? 0) + 1;
  const until = new Date(now.getTime() + toDelay(attempts, isRefusal(error)));
  return { until, stalled: { since: before?.since ?? now.toISOString(), reason, attempts } };
}
