import type * as ShopifyApi from '@shopify/shopify-api';
import { createRequire } from 'node:module';

// @shopify/shopify-app-express is CommonJS and loads the CommonJS copy of @shopify/shopify-api. An ES import would
// load a second copy, with errors of its own and without the adapter. So every value comes through this door.
const require = createRequire(import.meta.url);
require('@shopify/shopify-api/adapters/node');

export const { ApiVersion, LogSeverity, shopifyApi }: typeof ShopifyApi = require('@shopify/shopify-api');
