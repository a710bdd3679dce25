import { createHmac, randomUUID } from 'node:crypto';
import type { Message } from './message.ts';

/** A message whose body may be bytes. */
type Signed = Omit<Message, 'body'> & { readonly body: string | Uint8Array };

/** The headers of a delivery with a valid HMAC, which covers only the body, as at Shopify. */
export function signedHeaders(
  shop: string,
  secret: string,
  { topic, body, webhookId = randomUUID(), triggeredAt = new Date() }: Signed,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Shopify-Captain-Hook',
    'x-shopify-topic': topic,
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    'x-shopify-shop-domain': shop,
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': webhookId,
    'x-shopify-event-id': randomUUID(),
    'x-shopify-triggered-at': triggeredAt.toISOString(),
  };
}

export interface DeliverOptions {
  /** The app's origin. */
  readonly url: string;
  readonly shop: string;
  readonly secret: string;
}

/** Delivers one webhook as Shopify does, within 5 s; resolves to the HTTP status. */
export async function deliver({ url, shop, secret }: DeliverOptions, message: Message): Promise<number> {
  const response = await fetch(`${url}/webhooks`, {
    method: 'POST',
    headers: signedHeaders(shop, secret, message),
    body: message.body,
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  });
  await response.arrayBuffer();
  return response.status;
}
