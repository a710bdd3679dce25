import { z } from 'zod';
import { instant } from '../customers/instant.ts';
import { AppError } from '../errors.ts';
import type { Installs } from '../ledger/installs.ts';
import type { Sessions } from '../shopify/auth/sessions.ts';

/** What becomes of an installation by webhooks. Instants are UTC ISO 8601. */
export interface AppLifecycle {
  /** app/uninstalled. `stale` if the app was installed again since it was triggered. */
  uninstalled(shop: string, triggeredAt: string | undefined): Promise<'written' | 'stale'>;
  /** app/scopes_update, with its payload. */
  scopesUpdated(shop: string, body: unknown): Promise<'written'>;
}

export interface AppLifecycleDeps {
  readonly installs: Installs;
  readonly sessions: Sessions;
}

const time = instant();
const scopesUpdate = z.object({ current: z.array(z.string()), updated_at: time });

export function createAppLifecycle({ installs, sessions }: AppLifecycleDeps): AppLifecycle {
  return {
    async uninstalled(shop, triggeredAt) {
      const at = time.safeParse(triggeredAt).data;
      if (at === undefined)
        throw new AppError('webhook_unreadable', 'X-Shopify-Triggered-At is missing: the order is unknown');
      const { confirmed_at } = await installs.record(shop, { kind: 'uninstalled', at });
      // Its tokens are dead at Shopify; those of a later installation stay.
      await sessions.removeOlder(shop, at);
      return confirmed_at !== undefined && confirmed_at > at ? 'stale' : 'written';
    },

    async scopesUpdated(shop, body) {
      const parsed = scopesUpdate.safeParse(body);
      if (!parsed.success)
        throw new AppError('webhook_unreadable', 'app/scopes_update has no current scopes or no time');
      const { current: scopes, updated_at: at } = parsed.data;
      await installs.record(shop, { kind: 'scopes', at, scopes });
      return 'written';
    },
  };
}
