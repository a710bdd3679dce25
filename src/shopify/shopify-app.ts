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
 * Shopify's library for one client secret, with its log turned into ours. Scopes are left to shopify.app.toml (managed
 * installation); the library's token exchange is ours, because it shares nothing among parallel requests.
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
      // Given, because the library would take it from the environment else.
      scopes: [],
      logger: {
        // The library writes whole session tokens into its messages.
        log: (_severity, message) => {
          log.debug({ library: message.replaceAll(/eyJ[\w.-]+/g, '[token]') }, 'shopify');
        },
      },
    },
    auth: { path: '/auth', callbackPath: '/auth/callback' },
    webhooks: { path: '/webhooks' },
  });
}

/** Makes all of the library's requests go through a transport: the library has one fetch for the whole process. */
export function setTransport(transport: Transport): void {
  setAbstractFetchFunc((input, init) =>
    transport(input instanceof Request ? input.url : String(input), init),
  );
}
