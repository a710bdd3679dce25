import { z } from 'zod';
import { instant } from '../customers/instant.ts';
import { AppError } from '../errors.ts';
import { statusOf } from '../ledger/install.ts';
import { scheduleShop } from '../sync/schedule-shop.ts';
import type { WebhookContext } from './webhook-context.ts';

const time = instant();
const scopesUpdate = z.object({ current: z.array(z.string()), updated_at: time });

/**
 * app/uninstalled: records it and takes the tokens of before away. `stale` if the app was installed again since.
 * @param triggeredAt X-Shopify-Triggered-At, ISO 8601
 * @throws AppError `webhook_unreadable`, `store_failed`
 */
export async function recordUninstalled(
  context: Pick<WebhookContext, 'ledger' | 'sessions' | 'scheduler'>,
  shop: string,
  triggeredAt: string | undefined,
): Promise<'written' | 'stale'> {
  const at = time.safeParse(triggeredAt).data;
  if (at === undefined)
    throw new AppError('webhook_unreadable', 'X-Shopify-Triggered-At is missing: the order is unknown');
  const { installs, jobs } = context.ledger;
  // Listed before the record says so: what a reinstall requests from then on is not among them.
  const listed = await jobs.list(shop);
  const install = await installs.record(shop, { kind: 'uninstalled', at });
  // Its tokens are dead at Shopify; those of a later installation stay.
  await context.sessions.removeOlder(shop, at);
  if (statusOf(install) === 'uninstalled') {
    await jobs.cancel(shop, listed);
    return 'written';
  }
  // It tells of a gap in which no webhooks came.
  await scheduleShop(context, shop, { isNewToken: false });
  return 'stale';
}

/**
 * app/scopes_update, with its payload.
 * @throws AppError `webhook_unreadable`, `store_failed`
 */
export async function recordScopes(
  { ledger }: Pick<WebhookContext, 'ledger'>,
  shop: string,
  body: unknown,
): Promise<'written'> {
  const parsed = scopesUpdate.safeParse(body);
  if (!parsed.success)
    throw new AppError('webhook_unreadable', 'app/scopes_update has no current scopes or no time');
  const { current: scopes, updated_at: at } = parsed.data;
  await ledger.installs.record(shop, { kind: 'scopes', at, scopes });
  return 'written';
}
