import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { createLogLimit } from '../../log-limit.ts';
import type { Metrics } from '../../metrics.ts';
import type { EnsureInstalled, EnsureInstalledDeps } from '../../shopify/auth/ensure-installed.ts';
import type { StaffSession, VerifySessionToken } from '../../shopify/auth/session-token.ts';
import type { Tokens } from '../../shopify/auth/tokens.ts';
import { sendError } from './error-answers.ts';

export interface SessionDeps {
  readonly verifySession: VerifySessionToken;
  readonly ensureInstalled: EnsureInstalled;
  readonly tokens: Pick<Tokens, 'exchange'>;
  readonly onAuthorized: EnsureInstalledDeps['onAuthorized'];
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  /** The one shop of the deployment; undefined if any shop may install. */
  readonly onlyShop: string | undefined;
}

/**
 * A handler of an authenticated request, typed by its JSON answer. The tenant is the session's shop, never anything else
 * in the request.
 */
export type SessionHandler<Answer> = (
  session: StaffSession,
  request: Request,
  response: Response<Answer>,
) => Promise<void>;

const HINTS: Readonly<Record<string, string>> = {
  signature:
    'Compare SHOPIFY_API_SECRET, and SHOPIFY_API_SECRET_PREVIOUS during a rotation, with the Dev Dashboard',
  audience: 'Compare SHOPIFY_API_KEY with the Dev Dashboard',
  not_yet_valid: 'The clock of this server is slow',
  expired: 'If it lasts, the clock of this server is fast',
  other_shop: 'SHOP is another one',
};

/** The token that is stored for the shop is dead, although the app is installed: its page is open. */
const needsToken = (error: unknown) => error instanceof AppError && error.code === 'reauthorization_needed';

/**
 * Runs a handler only for requests with a valid session token. Others get a 401 that makes App Bridge retry with a new
 * token. If the shop's stored token turns out dead meanwhile, the request's own session token is exchanged, once, and
 * the handler runs again: the person who asks has just opened the app, so nobody has to be told to.
 */
export function createWithSession(deps: SessionDeps) {
  const { verifySession, ensureInstalled, tokens, onAuthorized, onlyShop, metrics, log, now } = deps;
  const mayLog = createLogLimit(now);

  function count(reason: string, message: string): void {
    metrics.sessionsRefused.inc({ reason });
    if (mayLog(reason)) log.warn({ reason, detail: message, hint: HINTS[reason] }, 'session refused');
  }

  function refuse(response: Response, reason: string, message: string): void {
    count(reason, message);
    response.set('X-Shopify-Retry-Invalid-Session-Request', '1');
    sendError(response, 401, 'session_invalid', message);
  }

  async function replaceToken({ shop, token, issuedAt }: StaffSession): Promise<void> {
    const isNewToken = await tokens.exchange(shop, token, issuedAt, { replaceRefused: true });
    if (isNewToken) await onAuthorized(shop, { isNewToken });
    log.info({ shop }, 'request repeated with a new token');
  }

  return function withSession<Answer>(handler: SessionHandler<Answer>): RequestHandler {
    return async (request, response) => {
      const [, token] = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '') ?? [];
      if (token === undefined) return refuse(response, 'missing', 'A session token is missing');
      try {
        const session = await verifySession(token);
        if (onlyShop !== undefined && session.shop !== onlyShop) {
          const message = 'This installation of Rollcall serves another shop';
          count('other_shop', message);
          return sendError(response, 403, 'other_shop', message);
        }
        await ensureInstalled(session);
        try {
          await handler(session, request, response);
        } catch (error) {
          if (!needsToken(error) || response.headersSent) throw error;
          await replaceToken(session);
          await handler(session, request, response);
        }
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'session_invalid') throw error;
        refuse(response, error.reason ?? 'other', error.message);
      }
    };
  };
}
