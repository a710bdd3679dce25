import { statusOf } from '../ledger/install.ts';
import { requestNow, type RequestContext } from './jobs/request-now.ts';

/**
 * Makes sure that the jobs of a shop are due that an installation needs: its plans, everybody, and from then on
 * reconciling; they begin here at once. Once for each installation; the install record says for which, so that a crash
 * in between is made good by the next call. Called whenever Shopify has said that the app is installed.
 * @param isNewToken whether the shop has just got a token: its jobs may have waited for that
 * @throws AppError `store_failed`
 */
export async function scheduleShop(
  context: RequestContext,
  shop: string,
  { isNewToken }: { readonly isNewToken: boolean },
): Promise<void> {
  const { installs, jobs } = context.ledger;
  const install = await installs.get(shop);
  const { installed_at: at, scheduled_for: scheduledFor } = install;
  if (statusOf(install) !== 'installed' || at === undefined) return;
  if (scheduledFor === at) {
    if (isNewToken) for (const name of await jobs.resume(shop)) void context.scheduler.wake(shop, name);
    return;
  }
  await requestNow(context, shop, 'plans');
  await requestNow(context, shop, 'full', 'full');
  await requestNow(context, shop, 'reconcile');
  await installs.record(shop, { kind: 'scheduled', at });
}
