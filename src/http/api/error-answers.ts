import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { AppError, type ErrorCode } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { ErrorAnswer } from './types.ts';

/** The errors that a client may see, by code; any other is a 500 without details. No message quotes another system. */
export const ERROR_STATUS = {
  body_invalid: 400,
  cursor_invalid: 400,
  query_invalid: 400,
  permission_missing: 403,
  reauthorization_needed: 403,
  dead_letter_not_found: 404,
  user_not_found: 404,
  job_running: 409,
  user_not_in_shopify: 409,
  roles_changed_meanwhile: 409,
  item_refused: 409,
  roles_refused: 422,
  admin_api_refused: 502,
  admin_api_too_costly: 502,
  admin_api_unavailable: 503,
  app_settings_invalid: 503,
  roles_unconfirmed: 503,
  store_failed: 503,
} as const satisfies Partial<Record<ErrorCode, number>>;

const STATUS: Partial<Record<ErrorCode, number>> = ERROR_STATUS;

/** Sends `{error: {code, message}}`, the form of every error, with the permissions that are missing, if any are. */
export function sendError(
  response: Response<ErrorAnswer>,
  status: number,
  code: ErrorAnswer['error']['code'],
  message: string,
  permissions: readonly string[] = [],
): void {
  const error = { code, message, ...(permissions.length > 0 && { permissions }) };
  response.status(status).json({ error });
}

export const notFound: RequestHandler = (_request, response) => {
  sendError(response, 404, 'not_found', 'There is nothing at this address');
};

/** The last middleware. Error texts of other systems never reach the client. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return function errorHandler(error: unknown, request, response, _next) {
    if (response.headersSent) {
      log.error({ err: error, path: request.path }, 'answer cut short');
      // Otherwise a cut-off export would look complete.
      response.destroy();
      return;
    }
    const status = error instanceof AppError ? STATUS[error.code] : undefined;
    if (error instanceof AppError && status !== undefined) {
      if (status >= 500) log.error({ err: error, path: request.path }, 'request failed for now');
      else if (error.cause !== undefined) log.warn({ err: error, path: request.path }, 'request refused');
      if (status === 503) response.set('Retry-After', '5');
      sendError(response, status, error.code, error.message, error.permissions);
      return;
    }
    if (error instanceof URIError) {
      sendError(response, 400, 'path_invalid', 'The address is not well-formed');
      return;
    }
    log.error({ err: error, path: request.path }, 'request failed');
    sendError(response, 500, 'internal', 'Something went wrong on our side');
  };
}
