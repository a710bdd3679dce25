import type { ShopifyApp } from '@shopify/shopify-app-express';
import type { Logger } from '../log.ts';
import { ApiVersion, setAbstractFetchFunc, shopifyApp } from './library.ts';
import type { Transport } from './transport.ts';

export interface AppSettings {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The app's public origin. */
  readonly appUrl: string;
}

/**
 * Shopify's library for one client secret, logging to our log. Scopes are in shopify.app.toml (managed installation).
 * auth/tokens.ts does the token exchange, because the library does not share one between parallel requests.
 */
export function createShopifyApp({ apiKey, apiSecret, appUrl }: AppSettings, log: Logger): ShopifyApp {
  const { host, protocol } = new URL(appUrl);
  return shopifyApp({
    api: {
      apiKey,
      apiSecretKey: apiSecret,
      apiVersion: ApiVersion.October26,
      hostName: host,
      hostScheme: protocol === 'http:' ? 'http' : 'https',
      // Otherwise the library reads SCOPES from the environment.
      scopes: [],
      logger: {
        // The library's messages contain whole session tokens.
        log: (_severity, message) => {
          log.debug({ library: message.replaceAll(/eyJ[\w.-]+/g, '[token]') }, 'shopify');
        },
      },
    },
    auth: { path: '/auth', callbackPath: '/auth/callback' },
    webhooks: { path: '/webhooks' },
  });
}

/** Routes the library's requests through a transport. The library has one fetch for the whole process. */
export function setTransport(transport: Transport): void {
  setAbstractFetchFunc((input, init) =>
    transport(input instanceof Request ? input.url : String(input), init),
  );
}
