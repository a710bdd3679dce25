import express, { Router, type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { AppError } from '../errors.ts';
import type { Verify } from '../shopify/verify.ts';
import { readDelivery, type Delivery } from '../webhooks/read-delivery.ts';
import type { WebhookContext } from '../webhooks/webhook-context.ts';
import { sendError } from './api/error-answers.ts';
import type { ErrorAnswer } from './api/types.ts';

export interface WebhookDoorContext extends Pick<WebhookContext, 'metrics' | 'log'> {
  readonly verify: Verify;
  /** Resolves when the delivery may be acknowledged. */
  readonly receive: (delivery: Delivery) => Promise<unknown>;
}

/**
 * POST /webhooks: verify the raw body, then parse, then apply. Mounted before every body parser, because the HMAC is over
 * the raw body. Shopify repeats a delivery that is not answered with 2xx, 8 times within 4 hours; so one that came whole and
 * is signed is never refused for its headers or its form.
 */
export function createWebhookDoor({ verify, receive, metrics, log }: WebhookDoorContext): Router {
  type Code = ErrorAnswer['error']['code'];
  function refuse(response: Response, status: number, code: Code, message: string): void {
    metrics.webhooksRefused.inc({ code });
    log.warn({ status, code }, 'webhook refused');
    sendError(response, status, code, message);
  }

  const handle: RequestHandler = async (request, response) => {
    const bytes: unknown = request.body;
    const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
    if (!verify(body, request.get('x-shopify-hmac-sha256')))
      return refuse(response, 401, 'hmac_invalid', 'X-Shopify-Hmac-Sha256 does not fit the body');
    try {
      await receive(readDelivery(body, (name) => request.get(name)));
    } catch (error) {
      metrics.webhooksRefused.inc({ code: error instanceof AppError ? error.code : 'internal' });
      throw error;
    }
    response.status(200).end();
  };

  const refuseUnread: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (status === 413) return refuse(response, 413, 'body_too_large', 'The body is larger than 5 MB');
    if (status === 415)
      return refuse(response, 415, 'encoding_unsupported', 'The body must not be compressed');
    if (status === 400) return refuse(response, 400, 'body_incomplete', 'The body ended early');
    next(error);
  };

  const router = Router();
  router.post('/', express.raw({ type: () => true, limit: '5mb', inflate: false }), handle, refuseUnread);
  return router;
}
