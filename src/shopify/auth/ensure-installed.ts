import { AppError } from '../../errors.ts';
import { statusOf } from '../../ledger/install.ts';
import type { Installs } from '../../ledger/installs.ts';
import type { Logger } from '../../log.ts';
import type { StaffSession } from './session-token.ts';
import type { Tokens } from './tokens.ts';

/**
 * Ensures that a shop whose page is open has an install record and a token. Called with every request of the page, so
 * that an installation depends on no event that could be lost, and a lost token is replaced on the merchant's next visit.
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

/** A cached install record. */
interface Known {
  /** When the session token was issued that proved the installation last. */
  readonly confirmedAt: string;
  /** Milliseconds of the epoch. */
  readonly until: number;
}

const LOOK_AFTER_MS = 30_000;
const FAILED_FOR_MS = 5000;
/**
 * How much newer a session token must be than the recorded proof to be recorded. Shorter than uninstalling and
 * reinstalling takes, so that a late app/uninstalled never wins over a reinstall. While a page is open, it costs a read
 * and a write at most this often.
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
  // By shop, until when no new exchange is attempted.
  const failed = new Map<string, number>();
  const isNewer = (issuedAt: string, than: string) =>
    Date.parse(issuedAt) - Date.parse(than) >= CONFIRM_AFTER_MS;

  function isSettled({ shop, issuedAt }: StaffSession): boolean {
    const record = known.get(shop);
    return record !== undefined && record.until > now().getTime() && !isNewer(issuedAt, record.confirmedAt);
  }

  /** A page sends several requests at once: they share one read of the record. */
  async function confirmOnce(session: StaffSession): Promise<void> {
    const { shop } = session;
    // A read in flight may have been for an older token.
    while (!isSettled(session)) {
      const confirmed = confirming.get(shop) ?? confirm(session).finally(() => confirming.delete(shop));
      confirming.set(shop, confirmed);
      await confirmed;
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
      // The page's lists need no token, so they are answered; a later request tries again.
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
