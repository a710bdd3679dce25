import type { Shopify } from '@shopify/shopify-api';
import type { Logger } from '../log.ts';
import { ApiVersion, shopifyApi } from './library.ts';

export interface ApiSettings {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The app's public origin. */
  readonly appUrl: string;
}

/** Shopify's library for one client secret, with its log turned into ours. */
export function createApi({ apiKey, apiSecret, appUrl }: ApiSettings, log: Logger): Shopify {
  return shopifyApi({
    apiKey,
    apiSecretKey: apiSecret,
    apiVersion: ApiVersion.October26,
    hostName: new URL(appUrl).host,
    isEmbeddedApp: true,
    logger: {
      // The library writes whole session tokens into its messages.
      log: (_severity, message) =>
        log.debug({ library: message.replaceAll(/eyJ[\w.-]+/g, '[token]') }, 'shopify'),
    },
  });
}
