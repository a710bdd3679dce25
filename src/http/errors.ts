import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { AppError } from '../errors.ts';
import type { Logger } from '../log.ts';

/** Answers with the one form that errors have: `{error: {code, message}}`. */
export function sendError(response: Response, status: number, code: string, message: string): void {
  response.status(status).json({ error: { code, message } });
}

export const notFound: RequestHandler = (_request, response) => {
  sendError(response, 404, 'not_found', 'There is nothing at this address');
};

/** The last middleware: what no route answered for. A message of another system never reaches the client. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return function errorHandler(error: unknown, request, response, _next) {
    if (response.headersSent) {
      log.error({ err: error, path: request.path }, 'answer cut short');
      // An export that ended quietly here would pass for the whole list.
      response.destroy();
      return;
    }
    if (error instanceof AppError && error.code === 'store_failed') {
      log.error({ err: error, path: request.path }, 'request failed for now');
      response.set('Retry-After', '5');
      sendError(response, 503, error.code, 'The users table cannot be reached: try again');
      return;
    }
    if (error instanceof AppError && (error.code === 'query_invalid' || error.code === 'cursor_invalid')) {
      sendError(response, 400, error.code, error.message);
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
