import type { Session, Shopify } from '@shopify/shopify-api';
import { AppError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import { InvalidJwtError, RequestedTokenType } from '../library.ts';
import type { OfflineSession } from './sessions.ts';
import {
  lastingToken,
  refreshToken as refreshCredential,
  sessionToken as sessionCredential,
  toTokenFailure,
  type Credential,
  type TokenFailure,
} from './token-failure.ts';
import type { TokenHealth } from './token-health.ts';

/**
 * The token requests that Shopify knows, each bounded in time and attempts. Besides their own errors they throw AppError
 * `app_settings_invalid` and `admin_api_unavailable`, neither of which says anything about the token.
 */
export interface TokenRequests {
  /** @throws AppError `session_invalid` if Shopify refuses the session token */
  exchange(shop: string, sessionToken: string, authorizedAt: string): Promise<OfflineSession>;
  /** @throws AppError `reauthorization_needed` if Shopify refuses the refresh token */
  refresh(shop: string, session: OfflineSession): Promise<OfflineSession>;
  /** Converts the session of a code grant into an expiring one, if it is not one already. */
  complete(session: Session, authorizedAt: string): Promise<OfflineSession>;
}

export interface TokenRequestsDeps {
  /** The library for the current and, during a rotation, the previous secret. */
  readonly apis: readonly [Shopify, ...Shopify[]];
  readonly health: TokenHealth;
  readonly now: () => Date;
}

// Refresh answers without expires_in have been observed. Shopify's tokens are valid for an hour.
const USUAL_LIFE_MS = 3_600_000;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 400;

const unanswered = (cause: unknown) =>
  new AppError('admin_api_unavailable', 'Shopify does not answer a token request', { cause });

/** The error of a failure that is not about the credential: the session stays. */
function toError({ kind }: TokenFailure, cause: unknown): AppError {
  if (kind === 'app')
    return new AppError(
      'app_settings_invalid',
      'Shopify does not accept the app’s own credentials: whoever runs Rollcall has to compare SHOPIFY_API_KEY and SHOPIFY_API_SECRET with the Dev Dashboard',
      { cause },
    );
  if (kind === 'refused')
    return new AppError('admin_api_unavailable', 'Shopify refuses a token request for now', {
      cause,
      reason: 'token_request_refused',
    });
  // A parser's message quotes the body, which may hold a token.
  return unanswered(cause instanceof SyntaxError ? undefined : cause);
}

const reauthorize = (cause: unknown) =>
  new AppError('reauthorization_needed', 'Shopify does not take the stored token: open the app once', {
    cause,
  });

const refuseSession = (cause: unknown) =>
  new AppError('session_invalid', 'Shopify does not take the session token', {
    cause,
    reason: 'refused_by_shopify',
  });

export function createTokenRequests({ apis, health, now }: TokenRequestsDeps): TokenRequests {
  const [api] = apis;

  /** One attempt, counted. Without Shopify the library refuses a session token that another secret has signed. */
  async function counted<T>(request: () => Promise<T>, credential: Credential): Promise<T> {
    try {
      const answer = await request();
      health.succeeded();
      return answer;
    } catch (error) {
      if (!(error instanceof InvalidJwtError)) health.failed(toTokenFailure(error, credential));
      throw error;
    }
  }

  async function attempt<T>(
    request: () => Promise<T>,
    credential: Credential,
    dead: (cause: unknown) => AppError,
  ): Promise<T> {
    try {
      return await retry(() => counted(request, credential), {
        attempts: ATTEMPTS,
        firstWait: FIRST_WAIT_MS,
        shouldRetry: (error) =>
          !(error instanceof InvalidJwtError) &&
          ['refused', 'unavailable'].includes(toTokenFailure(error, credential).kind),
      });
    } catch (cause) {
      if (cause instanceof InvalidJwtError) throw cause;
      const failure = toTokenFailure(cause, credential);
      throw failure.kind === 'credential' ? dead(cause) : toError(failure, cause);
    }
  }

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
    const migrated = await attempt(() => api.auth.migrateToExpiringToken(request), lastingToken, reauthorize);
    return toSession(migrated.session, authorizedAt);
  }

  return {
    async exchange(shop, sessionToken, authorizedAt) {
      const requestedTokenType = RequestedTokenType.OfflineAccessToken;
      for (const { auth } of apis)
        try {
          const { session } = await attempt(
            () => auth.tokenExchange({ shop, sessionToken, requestedTokenType, expiring: true }),
            sessionCredential,
            refuseSession,
          );
          return await complete(session, authorizedAt);
        } catch (error) {
          // Signed with the other secret of a rotation, or expired since it was verified.
          if (!(error instanceof InvalidJwtError)) throw error;
        }
      throw refuseSession(undefined);
    },

    async refresh(shop, previous) {
      const { refreshToken } = previous;
      if (refreshToken === undefined) throw reauthorize(undefined);
      // Safe to repeat if the answer is lost: the same token works until its successor is used.
      const { session } = await attempt(
        () => api.auth.refreshToken({ shop, refreshToken }),
        refreshCredential,
        reauthorize,
      );
      return toSession(session, previous.authorizedAt, previous);
    },

    complete,
  };
}
