import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Lease, OfflineSession, Sessions } from './sessions.ts';
import type { TokenRequests } from './token-requests.ts';

/** The access tokens of all shops. */
export interface Tokens {
  /**
   * A token that is valid for some more minutes; refreshes it first if necessary.
   * @throws AppError `reauthorization_needed` until the merchant opens the app, `admin_api_unavailable`,
   * `app_settings_invalid` while Shopify does not know the app
   */
  accessToken(shop: string): Promise<string>;
  /** Whether the shop has a session; one whose key is lost counts as none. */
  has(shop: string): Promise<boolean>;
  /** Shopify answered 401 to this token: refreshes it, or discards the session. */
  refused(shop: string, accessToken: string): Promise<void>;
  /**
   * Exchanges a session token of the embedded page, unless the shop has a session: then false. With `replaceRefused` also
   * if Shopify has refused the predecessor of that session's token, so that it may well refuse this one.
   * @throws AppError `session_invalid`, `admin_api_unavailable`, `app_settings_invalid`
   */
  exchange(
    shop: string,
    sessionToken: string,
    authorizedAt: string,
    options?: { readonly replaceRefused?: boolean },
  ): Promise<boolean>;
  /** Keeps what a code grant brought. */
  accept(shop: string, session: OfflineSession): Promise<void>;
}

export interface TokensDeps {
  readonly sessions: Pick<Sessions, 'get' | 'lease'>;
  readonly requests: Pick<TokenRequests, 'exchange' | 'refresh'>;
  readonly log: Logger;
  readonly now: () => Date;
}

const REFRESH_BEFORE_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 60_000;
const WAIT_MS = 100;
/** Longer than a lease, so that a waiter sees either its result or its expiry. */
const MAX_WAIT_MS = 30_000;

/** A refresh that Shopify has refused for a reason that is not the token's. */
interface Paused {
  /** Of the session that was to be refreshed: another one is tried at once. */
  readonly accessToken: string;
  readonly error: AppError;
  readonly wait: number;
  /** Milliseconds of the epoch. */
  readonly until: number;
}

/** About the app or an edge: asking again at once would only add to it. */
const isAboutTheApp = (error: unknown): error is AppError =>
  error instanceof AppError &&
  (error.code === 'app_settings_invalid' || error.reason === 'token_request_refused');

type Change = (lease: Lease) => Promise<OfflineSession>;

/**
 * One exchange or refresh at a time for each shop: within the process by a shared promise, across processes by a lease on
 * the session. Shopify keeps one active token for an app and shop, so a second exchange would revoke the first token.
 */
export function createTokens({ sessions, requests, log, now }: TokensDeps): Tokens {
  const running = new Map<string, Promise<OfflineSession>>();
  const paused = new Map<string, Paused>();

  const isFresh = ({ expiresAt }: OfflineSession) =>
    Date.parse(expiresAt) - now().getTime() > REFRESH_BEFORE_MS;
  const isAlive = ({ expiresAt }: OfflineSession) => Date.parse(expiresAt) > now().getTime();

  /** Changes the session under its lease, unless `settled` says that another process has done so. */
  async function underLease(
    shop: string,
    settled: (session: OfflineSession | undefined) => boolean,
    change: Change,
  ): Promise<OfflineSession> {
    const deadline = Date.now() + MAX_WAIT_MS;
    for (;;) {
      const lease = await sessions.lease(shop);
      if (lease === undefined) {
        if (Date.now() > deadline)
          throw new AppError('admin_api_unavailable', 'The token is being renewed for too long');
        await sleep(WAIT_MS * (0.5 + Math.random()));
        continue;
      }
      if (lease.session !== undefined && settled(lease.session)) {
        await lease.release();
        return lease.session;
      }
      let session: OfflineSession;
      try {
        session = await change(lease);
      } catch (error) {
        await lease.release();
        throw error;
      }
      if (await lease.store(session)) return session;
      log.warn({ shop }, 'token lease ran out');
    }
  }

  /** Shares a request in flight in this process. */
  async function once(request: string, work: () => Promise<OfflineSession>): Promise<OfflineSession> {
    const current = running.get(request);
    if (current !== undefined) return current;
    const promise = work().finally(() => running.delete(request));
    running.set(request, promise);
    return promise;
  }

  function pause(shop: string, { accessToken }: OfflineSession, error: AppError): void {
    const before = paused.get(shop);
    const wait = before === undefined ? FIRST_PAUSE_MS : Math.min(2 * before.wait, MAX_PAUSE_MS);
    paused.set(shop, { accessToken, error, wait, until: now().getTime() + wait });
  }

  async function refresh(
    shop: string,
    stale: OfflineSession,
    afterRefusal: boolean,
  ): Promise<OfflineSession> {
    const pausing = paused.get(shop);
    if (pausing?.accessToken === stale.accessToken && pausing.until > now().getTime()) throw pausing.error;
    return once(`refresh ${shop}`, () =>
      underLease(
        shop,
        (session) => session !== undefined && session.accessToken !== stale.accessToken,
        async (lease) => {
          if (lease.session === undefined) throw needed();
          try {
            const session = await requests.refresh(shop, lease.session);
            log.info({ shop }, 'token refreshed');
            paused.delete(shop);
            return { ...session, afterRefusal };
          } catch (error) {
            if (error instanceof AppError && error.code === 'reauthorization_needed') {
              await lease.discard();
              log.warn({ shop }, 'reauthorization needed');
            }
            if (isAboutTheApp(error)) pause(shop, lease.session, error);
            throw error;
          }
        },
      ),
    );
  }

  /** Discards a session, unless the page has stored a new one meanwhile. */
  async function giveUp(shop: string, refused: OfflineSession): Promise<void> {
    await once(`refresh ${shop}`, () =>
      underLease(
        shop,
        (session) => session?.accessToken !== refused.accessToken,
        async (lease) => {
          await lease.discard();
          log.warn({ shop }, 'reauthorization needed');
          throw needed();
        },
      ),
    );
  }

  /** One whose key is lost counts as none. */
  async function find(shop: string): Promise<OfflineSession | undefined> {
    try {
      return await sessions.get(shop);
    } catch (error) {
      if (error instanceof AppError && error.code === 'token_unreadable') return undefined;
      throw error;
    }
  }

  return {
    has: async (shop) => (await find(shop)) !== undefined,

    async accessToken(shop) {
      const session = await sessions.get(shop);
      if (session === undefined) throw needed();
      if (isFresh(session)) return session.accessToken;
      try {
        return (await refresh(shop, session, false)).accessToken;
      } catch (error) {
        const mayPass =
          isAboutTheApp(error) || (error instanceof AppError && error.code === 'admin_api_unavailable');
        if (mayPass && isAlive(session)) return session.accessToken;
        throw error;
      }
    },

    async refused(shop, accessToken) {
      const session = await sessions.get(shop);
      if (session === undefined || session.accessToken !== accessToken) return;
      if (session.afterRefusal !== true) {
        await refresh(shop, session, true);
        return;
      }
      // The second token in a row that Shopify refuses: another refresh would loop.
      await giveUp(shop, session);
    },

    async exchange(shop, sessionToken, authorizedAt, { replaceRefused = false } = {}) {
      const isUsable = (session: OfflineSession | undefined) =>
        session !== undefined && !(replaceRefused && session.afterRefusal === true);
      if (isUsable(await find(shop))) return false;
      await once(`exchange ${shop}`, () =>
        underLease(shop, isUsable, async () => {
          const session = await requests.exchange(shop, sessionToken, authorizedAt);
          log.info({ shop }, 'token exchanged');
          return session;
        }),
      );
      return true;
    },

    async accept(shop, session) {
      const keep = (existing: OfflineSession | undefined) =>
        existing?.refreshToken !== undefined && session.refreshToken === undefined;
      await underLease(shop, keep, async () => session);
    },
  };
}

function needed(): AppError {
  return new AppError(
    'reauthorization_needed',
    'The shop has no usable token: the merchant has to open the app once',
  );
}
