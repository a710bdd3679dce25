import express, { Router, type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { AppError } from '../errors.ts';
import { parseExact } from '../shopify/json.ts';
import { toShopDomain } from '../shop-domain.ts';
import type { Verify } from '../shopify/verify.ts';
import type { Delivery } from '../webhooks/topics.ts';
import type { WebhookContext } from '../webhooks/webhook-context.ts';
import { sendError } from './api/error-answers.ts';
import type { ErrorAnswer } from './api/types.ts';

export interface WebhookDoorContext extends Pick<WebhookContext, 'metrics' | 'log'> {
  readonly verify: Verify;
  /** Resolves when the delivery may be acknowledged. */
  readonly receive: (delivery: Delivery) => Promise<unknown>;
}

/** The parsed body; undefined if it is not JSON in UTF-8. */
function parseBody(bytes: Uint8Array): unknown {
  try {
    return parseExact(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    // RangeError: nested too deeply for the parser's stack.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)
      return undefined;
    throw error;
  }
}

/**
 * POST /webhooks: verify the raw body, then parse, then apply. Mounted before every body parser, because the HMAC is over
 * the raw body. Shopify repeats a delivery that is not answered with 2xx, 8 times within 4 hours.
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
    const topic = request.get('x-shopify-topic');
    const webhookId = request.get('x-shopify-webhook-id');
    const shop = toShopDomain(request.get('x-shopify-shop-domain') ?? '');
    if (!topic || !webhookId || shop === undefined) {
      const message = 'X-Shopify-Topic, X-Shopify-Webhook-Id or a valid X-Shopify-Shop-Domain is missing';
      return refuse(response, 400, 'headers_missing', message);
    }
    const parsed = parseBody(body);
    if (parsed === undefined) return refuse(response, 400, 'body_invalid', 'The body is empty or not JSON');
    const triggeredAt = request.get('x-shopify-triggered-at');
    const apiVersion = request.get('x-shopify-api-version');
    try {
      await receive({ shop, topic, webhookId, triggeredAt, apiVersion, bytes: body, body: parsed });
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
