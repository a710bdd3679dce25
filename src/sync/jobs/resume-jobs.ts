import type { RequestContext } from './request-now.ts';

/** A page that stays open, or a busy shop, does not undo the back-off. */
const REST_MS = 5 * 60_000;

/**
 * Begins the jobs of a shop that stall: there is a sign that Shopify may answer again. Those that were tried within the
 * last five minutes wait, unless a new token may be what they lacked.
 * @throws AppError `store_failed`
 */
export async function resumeJobs(
  { ledger, scheduler, now }: RequestContext,
  shop: string,
  { isNewToken = false }: { readonly isNewToken?: boolean } = {},
): Promise<void> {
  const triedBefore = new Date(now().getTime() - (isNewToken ? 0 : REST_MS));
  for (const name of await ledger.jobs.resume(shop, triedBefore)) void scheduler.wake(shop, name);
}
