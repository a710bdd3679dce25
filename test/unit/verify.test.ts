import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { test } from 'node:test';
import type * as ShopifyApi from '@shopify/shopify-api';
import { createVerify } from '../../src/shopify/verify.ts';
import { SECRET } from '../support/rollcall.ts';

// The library's Node adapter is loaded for its effect; both must be the same (CommonJS) copy.
const require = createRequire(import.meta.url);
require('@shopify/shopify-api/adapters/node');
const { shopifyApi, ApiVersion }: typeof ShopifyApi = require('@shopify/shopify-api');

const { webhooks } = shopifyApi({
  apiKey: 'key',
  apiSecretKey: SECRET,
  apiVersion: ApiVersion.October26,
  hostName: 'rollcall.example',
  isEmbeddedApp: true,
  logger: { log: () => undefined },
});

/** What the library says of a body and its signature. */
async function oracle(body: Buffer, signature: string): Promise<boolean> {
  const rawRequest = new IncomingMessage(new Socket());
  rawRequest.headers = {
    'x-shopify-hmac-sha256': signature,
    'x-shopify-topic': 'customers/update',
    'x-shopify-shop-domain': 'toys.myshopify.com',
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': 'f267a21b',
  };
  const rawResponse = new ServerResponse(rawRequest);
  const { valid } = await webhooks.validate({ rawBody: body.toString(), rawRequest, rawResponse });
  return valid;
}

const sign = (body: Uint8Array, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('base64');

const body = Buffer.from('{"id":706405506930370084,"first_name":"Zoë"}');
const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]);
const good = sign(body);
const hex = createHmac('sha256', SECRET).update(body).digest('hex');
const cases: Record<string, [Buffer, string, boolean]> = {
  'a good body': [body, good, true],
  'a tampered body': [Buffer.from(body.toString().replace('Zoë', 'Zoe')), good, false],
  'a truncated body': [body.subarray(0, -1), good, false],
  'a body that was parsed and written again': [
    Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1)),
    good,
    false,
  ],
  'a BOM before a body that was signed without it': [bom, good, false],
  'a BOM that was signed': [bom, sign(bom), true],
  'another secret': [body, sign(body, 'other'), false],
  'a shorter signature': [body, good.slice(0, -1), false],
  'a longer signature': [body, `${good}=`, false],
  'a signature in hex': [body, hex, false],
  'a signature in base64url': [
    body,
    good.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
    false,
  ],
  'an empty signature': [body, '', false],
};

for (const [name, [bytes, signature, valid]] of Object.entries(cases))
  test(`the verifier agrees with Shopify's library on ${name}`, async () => {
    assert.equal(createVerify([SECRET])(bytes, signature), valid);
    assert.equal(await oracle(bytes, signature), valid);
  });

test('the verifier refuses a missing signature', () => {
  assert.equal(createVerify([SECRET])(body, undefined), false);
});

test('during a rotation the current and the previous secret verify, and no other', () => {
  const verify = createVerify(['new', 'old']);
  assert.deepEqual(
    ['new', 'old', 'older'].map((secret) => verify(body, sign(body, secret))),
    [true, true, false],
  );
});

test('bytes that are not UTF-8 are verified as they came', () => {
  // The library decodes first, so that two different bodies look alike to it: no oracle here.
  const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
  assert.equal(createVerify([SECRET])(bytes, sign(bytes)), true);
  assert.equal(createVerify([SECRET])(Buffer.from([0x7b, 0xfe, 0x7d]), sign(bytes)), false);
});
