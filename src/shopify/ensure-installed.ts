import { AppError } from '../errors.ts';
import { statusOf } from '../ledger/install.ts';
import type { Installs } from '../ledger/installs.ts';
import type { Logger } from '../log.ts';
import type { StaffSession } from './session-token.ts';
import type { Tokens } from './tokens.ts';

/**
 * Makes sure that a shop whose page is open has an install record and a token. Called with every request of the page, so
 * that an installation needs no event that could be lost, and a lost token heals as soon as the merchant looks.
 * @throws AppError `session_invalid` if Shopify does not take the session token, `store_failed`
 */
export type EnsureInstalled = (session: StaffSession) => Promise<void>;

export interface EnsureInstalledDeps {
  readonly installs: Installs;
  readonly tokens: Tokens;
  readonly log: Logger;
  readonly now: () => Date;
}

const CONFIRMED_FOR_MS = 30_000;
const FAILED_FOR_MS = 5000;
/** How old the last proof of installation may become: a write every five minutes for a shop whose page is open. */
const CONFIRM_AFTER_MS = 5 * 60_000;

export function createEnsureInstalled({ installs, tokens, log, now }: EnsureInstalledDeps): EnsureInstalled {
  // Until when, by shop, there is nothing to look at or no use in trying again.
  const confirmed = new Map<string, number>();
  const failed = new Map<string, number>();
  const confirming = new Map<string, Promise<void>>();
  const isSettled = (shops: Map<string, number>, shop: string) => (shops.get(shop) ?? 0) > now().getTime();

  /** A page asks for several things at once: one look at the record is enough for all of them. */
  async function confirmOnce(session: StaffSession): Promise<void> {
    const { shop } = session;
    // A webhook may have told of an uninstallation since: then this is a reinstallation.
    if (isSettled(confirmed, shop) && (await installs.status(shop)) === 'installed') return;
    const under = confirming.get(shop) ?? confirm(session).finally(() => confirming.delete(shop));
    confirming.set(shop, under);
    await under;
  }

  async function confirm({ shop, issuedAt }: StaffSession): Promise<void> {
    const install = await installs.get(shop);
    const age = Date.parse(issuedAt) - Date.parse(install.confirmed_at ?? '1970-01-01T00:00:00Z');
    if (statusOf(install) !== 'installed' || age >= CONFIRM_AFTER_MS)
      await installs.record(shop, { kind: 'confirmed', at: issuedAt });
    confirmed.set(shop, now().getTime() + CONFIRMED_FOR_MS);
  }

  async function exchange({ shop, token, issuedAt }: StaffSession): Promise<void> {
    if (isSettled(failed, shop)) return;
    try {
      await tokens.exchange(shop, token, issuedAt);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'session_invalid' || error.code === 'store_failed')
        throw error;
      // The page's lists need no call to Shopify: they are shown, and a later request tries again.
      log.warn({ err: error, shop }, 'token exchange failed');
      failed.set(shop, now().getTime() + FAILED_FOR_MS);
    }
  }

  return async function ensureInstalled(session) {
    await confirmOnce(session);
    await exchange(session);
  };
}
