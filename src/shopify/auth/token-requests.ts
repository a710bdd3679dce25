import type { Session, Shopify } from '@shopify/shopify-api';
import { AppError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import { HttpResponseError, RequestedTokenType } from '../library.ts';
import type { OfflineSession } from './sessions.ts';

/** The token requests that Shopify knows, each bounded in time and attempts. */
export interface TokenRequests {
  /** @throws AppError `session_invalid` if Shopify refuses the session token */
  exchange(shop: string, sessionToken: string, authorizedAt: string): Promise<OfflineSession>;
  /** @throws AppError `reauthorization_needed` if Shopify refuses the refresh token */
  refresh(shop: string, session: OfflineSession): Promise<OfflineSession>;
  /** Converts the session of a code grant into an expiring one, if it is not one already. */
  complete(session: Session, authorizedAt: string): Promise<OfflineSession>;
}

export interface TokenRequestsDeps {
  readonly api: Shopify;
  readonly now: () => Date;
}

// Refresh answers without expires_in have been observed. Shopify's tokens are valid for an hour.
const USUAL_LIFE_MS = 3_600_000;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 400;

/** Shopify refuses the request itself, as opposed to 5xx, 429 or a broken connection. 401 was observed for a used token. */
function isRefusal(error: unknown): boolean {
  return error instanceof HttpResponseError && [400, 401, 403].includes(error.response.code);
}

async function attempt<T>(request: () => Promise<T>, refused: (cause: unknown) => AppError): Promise<T> {
  try {
    return await retry(request, {
      attempts: ATTEMPTS,
      firstWait: FIRST_WAIT_MS,
      shouldRetry: (error) => !isRefusal(error),
    });
  } catch (cause) {
    if (isRefusal(cause)) throw refused(cause);
    throw new AppError('admin_api_unavailable', 'Shopify does not answer a token request', { cause });
  }
}

const reauthorize = (cause: unknown) =>
  new AppError('reauthorization_needed', 'Shopify does not take the stored token: open the app once', {
    cause,
  });

export function createTokenRequests({ api, now }: TokenRequestsDeps): TokenRequests {
  function toSession(session: Session, authorizedAt: string, previous?: OfflineSession): OfflineSession {
    const expires = session.expires ?? new Date(now().getTime() + USUAL_LIFE_MS);
    return {
      accessToken: session.accessToken ?? '',
      // An answer without a refresh token must not lose the previous one, which works until its successor is used.
      refreshToken: session.refreshToken ?? previous?.refreshToken,
      expiresAt: expires.toISOString(),
      scope: session.scope ?? previous?.scope ?? '',
      authorizedAt,
    };
  }

  async function complete(session: Session, authorizedAt: string): Promise<OfflineSession> {
    const first = toSession(session, authorizedAt);
    if (first.refreshToken !== undefined) return first;
    const request = { shop: session.shop, nonExpiringOfflineAccessToken: first.accessToken };
    const migrated = await attempt(() => api.auth.migrateToExpiringToken(request), reauthorize);
    return toSession(migrated.session, authorizedAt);
  }

  return {
    async exchange(shop, sessionToken, authorizedAt) {
      const requestedTokenType = RequestedTokenType.OfflineAccessToken;
      const { session } = await attempt(
        () => api.auth.tokenExchange({ shop, sessionToken, requestedTokenType, expiring: true }),
        (cause) => new AppError('session_invalid', 'Shopify does not take the session token', { cause }),
      );
      return complete(session, authorizedAt);
    },

    async refresh(shop, previous) {
      const { refreshToken } = previous;
      if (refreshToken === undefined) throw reauthorize(undefined);
      // Safe to repeat if the answer is lost: the same token works until its successor is used.
      const { session } = await attempt(() => api.auth.refreshToken({ shop, refreshToken }), reauthorize);
      return toSession(session, previous.authorizedAt, previous);
    },

    complete,
  };
}
