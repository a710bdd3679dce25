import type { ShopifyApp } from '@shopify/shopify-app-express';
import { Router, type RequestHandler, type Response } from 'express';
import { AppError } from '../errors.ts';
import type { WebhookContext } from '../webhooks/webhook-context.ts';
import {
  BotActivityDetected,
  HttpRequestError,
  HttpResponseError,
  ShopifyError,
} from '../shopify/library.ts';
import { toShopDomain } from '../shop-domain.ts';
import { authorizationCode, toTokenFailure } from '../shopify/auth/token-failure.ts';
import type { TokenHealth } from '../shopify/auth/token-health.ts';
import type { TokenRequests } from '../shopify/auth/token-requests.ts';
import type { EnsureInstalledDeps } from '../shopify/auth/ensure-installed.ts';
import type { Tokens } from '../shopify/auth/tokens.ts';

export interface OAuthContext extends Pick<WebhookContext, 'ledger' | 'onlyShop' | 'log'> {
  readonly shopify: ShopifyApp;
  readonly requests: TokenRequests;
  readonly tokenHealth: TokenHealth;
  readonly tokens: Tokens;
  readonly onAuthorized: EnsureInstalledDeps['onAuthorized'];
}

/** An error page. It never redirects, so that no redirect loop is possible. */
function sendProblem(response: Response, status: number, problem: string, shop?: string): void {
  const again =
    shop === undefined ? '' : `<p><a href="/auth?shop=${shop}">Try to install Rollcall again</a></p>`;
  response
    .status(status)
    .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>Rollcall</title><body style="font:16px/1.5 system-ui;max-width:36em;margin:4em auto;padding:0 1em">` +
        `<h1>Rollcall could not be installed</h1><p>${problem}</p>${again}</body></html>`,
    );
}

const UNFIT = {
  status: 400,
  problem:
    'Shopify’s answer did not fit a request of this browser: it was too old, was used before, or came from elsewhere.',
};
const APP_UNKNOWN = {
  status: 503,
  problem:
    'Shopify does not accept Rollcall’s own credentials. Whoever runs Rollcall has to compare SHOPIFY_API_KEY and SHOPIFY_API_SECRET with the Dev Dashboard; then try again.',
};
const UNANSWERED = {
  status: 503,
  problem:
    'Shopify does not answer, or not as expected, so that it could not be finished. Nothing is lost: try again in a minute.',
};

/** What is said of a failed callback. */
function toProblem(error: unknown): typeof UNFIT {
  if (error instanceof AppError && error.code === 'app_settings_invalid') return APP_UNKNOWN;
  if (error instanceof HttpResponseError) {
    const { kind } = toTokenFailure(error, authorizationCode);
    if (kind === 'credential') return UNFIT;
    return kind === 'app' ? APP_UNKNOWN : UNANSWERED;
  }
  // Cookie, state or HMAC do not match: another browser's request, or an old one.
  return error instanceof ShopifyError && !(error instanceof HttpRequestError) ? UNFIT : UNANSWERED;
}

/**
 * The authorization code grant, for installations that start outside the admin: /auth → Shopify → /auth/callback → the app
 * in the admin. Every failure ends in an error page, not in another redirect.
 */
export function createOAuth({
  shopify,
  requests,
  tokenHealth,
  tokens,
  onAuthorized,
  ledger,
  onlyShop,
  log,
}: OAuthContext): Router {
  const { api } = shopify;

  const begin: RequestHandler = async (request, response) => {
    const { shop: given } = request.query;
    const shop = typeof given === 'string' ? toShopDomain(given) : undefined;
    if (shop === undefined)
      return sendProblem(
        response,
        400,
        'The address needs ?shop= with a domain such as example.myshopify.com.',
      );
    if (onlyShop !== undefined && shop !== onlyShop)
      return sendProblem(response, 403, 'This installation of Rollcall serves another shop.');
    const { callbackPath } = shopify.config.auth;
    await api.auth.begin({ shop, callbackPath, isOnline: false, rawRequest: request, rawResponse: response });
  };

  const callback: RequestHandler = async (request, response) => {
    const { shop: given, timestamp } = request.query;
    const shop = typeof given === 'string' ? toShopDomain(given) : undefined;
    try {
      const { session } = await api.auth.callback({
        rawRequest: request,
        rawResponse: response,
        expiring: true,
      });
      tokenHealth.succeeded();
      // The library has verified the HMAC, which covers shop and timestamp.
      if (shop === undefined || (onlyShop !== undefined && shop !== onlyShop))
        return sendProblem(response, 403, 'This installation of Rollcall serves another shop.');
      const at = new Date(Number(timestamp) * 1000).toISOString();
      await ledger.installs.record(shop, { kind: 'confirmed', at });
      await tokens.accept(shop, await requests.complete(session, at));
      await onAuthorized(shop, { isNewToken: true });
      log.info({ shop }, 'installed by code grant');
    } catch (error) {
      if (error instanceof AppError && error.code === 'store_failed') throw error;
      if (error instanceof BotActivityDetected)
        return sendProblem(response, 410, 'Robots cannot install it.');
      log.warn({ err: error, shop }, 'code grant failed');
      if (error instanceof HttpResponseError) tokenHealth.failed(toTokenFailure(error, authorizationCode));
      const { status, problem } = toProblem(error);
      return sendProblem(response, status, problem, shop);
    }
    response.redirect(302, `https://${shop}/admin/apps/${api.config.apiKey}`);
  };

  const router = Router();
  router.get('/', begin);
  router.get('/callback', callback);
  return router;
}
