import { z } from 'zod';
import { instant } from '../customers/instant.ts';
import { AppError } from '../errors.ts';
import type { WebhookContext } from './webhook-context.ts';

const time = instant();
const scopesUpdate = z.object({ current: z.array(z.string()), updated_at: time });

/**
 * app/uninstalled: records it and deletes older tokens. `stale` if the app was installed again since.
 * @param triggeredAt X-Shopify-Triggered-At, ISO 8601
 * @throws AppError `webhook_unreadable`, `store_failed`
 */
export async function recordUninstalled(
  { ledger, sessions }: Pick<WebhookContext, 'ledger' | 'sessions'>,
  shop: string,
  triggeredAt: string | undefined,
): Promise<'written' | 'stale'> {
  const at = time.safeParse(triggeredAt).data;
  if (at === undefined)
    throw new AppError('webhook_unreadable', 'X-Shopify-Triggered-At is missing: the order is unknown');
  const { confirmed_at } = await ledger.installs.record(shop, { kind: 'uninstalled', at });
  // Shopify has revoked these tokens. Tokens of a later installation stay.
  await sessions.removeOlder(shop, at);
  return confirmed_at !== undefined && confirmed_at > at ? 'stale' : 'written';
}

/**
 * app/scopes_update: records the granted scopes.
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
