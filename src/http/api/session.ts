import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../errors.ts';
import type { EnsureInstalled } from '../../shopify/auth/ensure-installed.ts';
import type { StaffSession, VerifySessionToken } from '../../shopify/auth/session-token.ts';
import { sendError } from './error-answers.ts';

export interface SessionDeps {
  readonly verifySession: VerifySessionToken;
  readonly ensureInstalled: EnsureInstalled;
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

/**
 * Runs a handler only for requests with a valid session token. Others get a 401 that makes App Bridge retry with a new
 * token.
 */
export function createWithSession({ verifySession, ensureInstalled, onlyShop }: SessionDeps) {
  function refuse(response: Response, message: string): void {
    response.set('X-Shopify-Retry-Invalid-Session-Request', '1');
    sendError(response, 401, 'session_invalid', message);
  }

  return function withSession<Answer>(handler: SessionHandler<Answer>): RequestHandler {
    return async (request, response) => {
      const [, token] = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '') ?? [];
      if (token === undefined) return refuse(response, 'A session token is missing');
      let session: StaffSession;
      try {
        session = await verifySession(token);
        if (onlyShop !== undefined && session.shop !== onlyShop)
          return sendError(response, 403, 'other_shop', 'This installation of Rollcall serves another shop');
        await ensureInstalled(session);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'session_invalid') throw error;
        return refuse(response, error.message);
      }
      await handler(session, request, response);
    };
  };
}
