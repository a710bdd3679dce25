import { AppError } from '../../errors.ts';
import { statusOf } from '../../ledger/install.ts';
import type { Installs } from '../../ledger/installs.ts';
import type { Logger } from '../../log.ts';
import type { StaffSession } from './session-token.ts';
import type { Tokens } from './tokens.ts';

/**
 * Makes sure that a shop whose page is open has an install record and a token. Called with every request of the page, so
 * that an installation needs no event that could be lost, and a lost token repairs as soon as the merchant looks.
 * @throws AppError `session_invalid` if Shopify does not take the session token, `store_failed`
 */
export type EnsureInstalled = (session: StaffSession) => Promise<void>;

export interface EnsureInstalledDeps {
  readonly installs: Installs;
  readonly tokens: Tokens;
  /**
   * Called whenever the record was looked at or the shop got a token; after the exchange, so that what begins then has
   * one.
   */
  readonly onAuthorized: (shop: string, options: { readonly isNewToken: boolean }) => Promise<void>;
  readonly log: Logger;
  readonly now: () => Date;
}

/** What is known of a shop's record without looking at it again. */
interface Known {
  /** The proof of installation that the record has: when its session token was issued. */
  readonly confirmedAt: string;
  /** Milliseconds of the epoch. */
  readonly until: number;
}

const LOOK_AFTER_MS = 30_000;
const FAILED_FOR_MS = 5000;
/**
 * By how much a session token has to be newer than the proof that is recorded to be recorded itself. Shorter than it
 * takes a merchant to uninstall the app and install it again, so that an app/uninstalled that comes late never has the
 * last word. It costs a read and a write at most this often for a shop whose page is open.
 */
const CONFIRM_AFTER_MS = 10_000;

export function createEnsureInstalled({
  installs,
  tokens,
  onAuthorized,
  log,
  now,
}: EnsureInstalledDeps): EnsureInstalled {
  const known = new Map<string, Known>();
  const confirming = new Map<string, Promise<void>>();
  // Until when, by shop, there is no use in trying again.
  const failed = new Map<string, number>();
  const isNewer = (issuedAt: string, than: string) =>
    Date.parse(issuedAt) - Date.parse(than) >= CONFIRM_AFTER_MS;

  function isSettled({ shop, issuedAt }: StaffSession): boolean {
    const record = known.get(shop);
    return record !== undefined && record.until > now().getTime() && !isNewer(issuedAt, record.confirmedAt);
  }

  /** A page asks for several things at once: one look at the record is enough for all of them. */
  async function confirmOnce(session: StaffSession): Promise<void> {
    const { shop } = session;
    // A look that was under way may have been for an older token.
    while (!isSettled(session)) {
      const look = confirming.get(shop) ?? confirm(session).finally(() => confirming.delete(shop));
      confirming.set(shop, look);
      await look;
    }
  }

  async function confirm(session: StaffSession): Promise<void> {
    const { shop, issuedAt } = session;
    let install = await installs.get(shop);
    const { confirmed_at: confirmedAt } = install;
    if (statusOf(install) !== 'installed' || confirmedAt === undefined || isNewer(issuedAt, confirmedAt))
      install = await installs.record(shop, { kind: 'confirmed', at: issuedAt });
    await onAuthorized(shop, { isNewToken: await exchange(session) });
    const until = now().getTime() + LOOK_AFTER_MS;
    known.set(shop, { confirmedAt: install.confirmed_at ?? issuedAt, until });
  }

  /** @returns whether the shop has got a token */
  async function exchange({ shop, token, issuedAt }: StaffSession): Promise<boolean> {
    if ((failed.get(shop) ?? 0) > now().getTime()) return false;
    try {
      return await tokens.exchange(shop, token, issuedAt);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'session_invalid' || error.code === 'store_failed')
        throw error;
      // The page's lists need no call to Shopify: they are shown, and a later request tries again.
      log.warn({ err: error, shop }, 'token exchange failed');
      failed.set(shop, now().getTime() + FAILED_FOR_MS);
      return false;
    }
  }

  return async function ensureInstalled(session) {
    await confirmOnce(session);
    if (await exchange(session)) await onAuthorized(session.shop, { isNewToken: true });
  };
}
