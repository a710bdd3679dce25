import type * as ShopifyApi from '@shopify/shopify-api';
import type * as Runtime from '@shopify/shopify-api/runtime';
import type * as ShopifyExpress from '@shopify/shopify-app-express';
import { createRequire } from 'node:module';

// @shopify/shopify-app-express is CommonJS and loads the CommonJS copy of @shopify/shopify-api. An ES import would load a
// second copy with its own error classes and adapter. So every value of the library is imported here.
const require = createRequire(import.meta.url);

export const { shopifyApp }: typeof ShopifyExpress = require('@shopify/shopify-app-express');

export const {
  ApiVersion,
  BotActivityDetected,
  HttpRequestError,
  HttpResponseError,
  InvalidJwtError,
  RequestedTokenType,
  ShopifyError,
}: typeof ShopifyApi = require('@shopify/shopify-api');

export const { setAbstractFetchFunc }: typeof Runtime = require('@shopify/shopify-api/runtime');
