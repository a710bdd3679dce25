import { signedHeaders } from './deliver.ts';
import type { Message } from './message.ts';

/** A truly signed delivery, ready to be posted. */
export interface OddDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Headers = Record<string, string>;

interface Change {
  /** Of the body, before it is signed. */
  readonly body?: (body: string) => string | Buffer;
  /** Headers by their new value; undefined: without it. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

const setText = (name: string, value: string) => (body: string) =>
  body.replaceAll(new RegExp(`"(${name})":("[^"]*"|null)`, 'g'), `"$1":${value}`);

/** What deliveries have been seen to be, by name; simulator/README.md says where. */
const changes = {
  no_shop: { headers: { 'x-shopify-shop-domain': undefined } },
  no_topic: { headers: { 'x-shopify-topic': undefined } },
  no_delivery_id: { headers: { 'x-shopify-webhook-id': undefined, 'x-shopify-event-id': undefined } },
  no_headers: {
    headers: {
      'x-shopify-shop-domain': undefined,
      'x-shopify-topic': undefined,
      'x-shopify-webhook-id': undefined,
      'x-shopify-event-id': undefined,
      'x-shopify-triggered-at': undefined,
    },
  },
  long_headers: { headers: { 'x-shopify-webhook-id': 'x'.repeat(4000), 'x-shopify-event-id': ' ' } },
  byte_order_mark: { body: (body) => `\uFEFF${body}` },
  latin1: { body: (body) => Buffer.from(setText('first_name', '"Jos\u00e9"')(body), 'latin1') },
  not_json: { body: () => '{' },
  empty: { body: () => '' },
  no_object: { body: () => '[1]' },
  null_times: { body: setText('created_at|updated_at', 'null') },
  blank_time: { body: setText('updated_at', '"2022-01-01 00:00:00 -0500"') },
  number_for_name: { body: setText('first_name', '17') },
  withheld: { body: setText('email|first_name|last_name', 'null') },
  test: { headers: { 'x-shopify-shop-domain': 'shop.myshopify.com', 'x-shopify-test': 'true' } },
} as const satisfies Readonly<Record<string, Change>>;

export type Oddity = keyof typeof changes;

const isOddity = (name: string): name is Oddity => name in changes;

export const ODDITIES: readonly Oddity[] = Object.keys(changes).filter(isOddity);

/** A delivery with one of the oddities of the field. */
export function oddDelivery(shop: string, secret: string, message: Message, oddity: Oddity): OddDelivery {
  const change: Change = changes[oddity];
  const body = Buffer.from(change.body?.(message.body) ?? message.body);
  const headers: Headers = {};
  const all = { ...signedHeaders(shop, secret, { ...message, body }), ...change.headers };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  return { headers, body };
}
