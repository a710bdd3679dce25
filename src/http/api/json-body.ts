import express, { type Request, type Response } from 'express';
import { AppError } from '../../errors.ts';

const parse = express.json({ limit: '10kb' });

/**
 * The body as JSON, parsed only after authentication. Undefined if there is no body or it is not `application/json`.
 * @throws AppError `body_invalid`, also for an unsupported encoding or charset, or a body that is too long
 */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  try {
    await new Promise<void>((resolve, reject) => {
      parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });
  } catch (cause) {
    const status = cause instanceof Error && 'status' in cause ? Number(cause.status) : 500;
    if (status >= 500) throw cause;
    throw new AppError('body_invalid', 'The body is not JSON in UTF-8, or too long', { cause });
  }
  return request.body;
}
