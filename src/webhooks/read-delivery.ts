import { hash } from 'node:crypto';
import { z } from 'zod';
import { toShopDomain } from '../shop-domain.ts';
import { customerIn } from './customer-in.ts';
import { parseExact } from '../shopify/json.ts';

/** A verified delivery, whatever its headers and its form. */
export interface Delivery {
  /** Normalised by toShopDomain: the header's, else the signed body's; undefined: neither names a usable one. */
  readonly shop: string | undefined;
  /** The shop that the body names. The HMAC covers the body, not the headers. */
  readonly signedShop: string | undefined;
  /** `unknown` without a topic. */
  readonly topic: string;
  /** The same for all deliveries of one event of a topic, as far as Shopify tells them apart. */
  readonly id: string;
  /** X-Shopify-Triggered-At: the time of the change. */
  readonly triggeredAt: string | undefined;
  /** X-Shopify-API-Version. Not covered by the HMAC. */
  readonly apiVersion?: string | undefined;
  /** The raw body. */
  readonly bytes: Uint8Array;
  /** The body, parsed by parseExact; undefined: it is no JSON object. */
  readonly body: unknown;
  /** Whether the body is no UTF-8: then its texts are not what was sent, but its ids are. */
  readonly isDamaged: boolean;
}

export const UNKNOWN_TOPIC = 'unknown';

/** The value of a header by its name. */
type Header = (name: string) => string | undefined;

/** The topics of the law, which Shopify sends whether or not the app is installed. */
export const COMPLIANCE_TOPICS: ReadonlySet<string> = new Set([
  'customers/redact',
  'customers/data_request',
  'shop/redact',
]);

export const isAboutCustomer = (topic: string): boolean =>
  topic.startsWith('customers/') || topic.startsWith('customer.');

const object = z.record(z.string(), z.unknown());

/** What may stand in a key: DynamoDB refuses longer ones for good. */
const USABLE = /^[\x21-\x7e]{1,80}$/;

function usable(value: string | undefined): string | undefined {
  const text = value?.trim() ?? '';
  return USABLE.test(text) ? text : undefined;
}

/** The body as a JSON object; undefined if it is none. */
function parseObject(bytes: Uint8Array): z.infer<typeof object> | undefined {
  try {
    // The decoder skips a byte order mark.
    return object.safeParse(parseExact(new TextDecoder().decode(bytes))).data;
  } catch (error) {
    // RangeError: nested too deeply for the parser's stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function shopIn(body: z.infer<typeof object> = {}): string | undefined {
  for (const name of ['shop_domain', 'myshopify_domain', 'domain']) {
    const value = body[name];
    const shop = typeof value === 'string' ? toShopDomain(value) : undefined;
    if (shop !== undefined) return shop;
  }
  return undefined;
}

/** Whom a privacy request is about: one act of a merchant may ask for several. */
function toSubject(body: z.infer<typeof object> | undefined, bytes: Uint8Array): string {
  return customerIn(body?.['customer']) ?? hash('sha256', bytes).slice(0, 16);
}

/**
 * Shopify shares an event id among all that one act of a merchant brings, such as two updates of a customer; so of topics
 * about customers it identifies nothing, but for privacy requests.
 */
function toId(
  { topic, bytes, body }: { topic: string; bytes: Uint8Array; body: z.infer<typeof object> | undefined },
  header: Header,
): string {
  const eventId = usable(header('x-shopify-event-id'));
  const isPrivacyRequest = COMPLIANCE_TOPICS.has(topic);
  if (eventId !== undefined && topic !== UNKNOWN_TOPIC && (isPrivacyRequest || !isAboutCustomer(topic))) {
    const isAboutSomebody = isPrivacyRequest && isAboutCustomer(topic);
    return [topic, eventId, ...(isAboutSomebody ? [toSubject(body, bytes)] : [])].join('#');
  }
  return usable(header('x-shopify-webhook-id')) ?? `body#${hash('sha256', bytes)}`;
}

/**
 * Reads what a delivery says of itself. Whatever is missing or ill-formed is replaced or left out: a signed delivery is
 * never refused, because Shopify would repeat it as it is.
 */
export function readDelivery(bytes: Uint8Array, header: Header): Delivery {
  const topic = usable(header('x-shopify-topic')) ?? UNKNOWN_TOPIC;
  const body = parseObject(bytes);
  const signedShop = shopIn(body);
  return {
    shop: toShopDomain(header('x-shopify-shop-domain')?.trim() ?? '') ?? signedShop,
    signedShop,
    topic,
    id: toId({ topic, bytes, body }, header),
    triggeredAt: header('x-shopify-triggered-at'),
    apiVersion: header('x-shopify-api-version'),
    bytes,
    body,
    isDamaged: !isUtf8(bytes),
  };
}
