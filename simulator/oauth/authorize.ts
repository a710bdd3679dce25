import { createHmac } from 'node:crypto';

/** Signs a query as Shopify does: HMAC in hex over the sorted query without `hmac`, spaces as %20. */
function toSignedQuery(query: Readonly<Record<string, string>>, secret: string): Record<string, string> {
  const sorted = Object.entries(query).toSorted(([a], [b]) => a.localeCompare(b));
  const text = new URLSearchParams(sorted).toString().replaceAll('+', '%20');
  return { ...query, hmac: createHmac('sha256', secret).update(text).digest('hex') };
}

export interface CallbackOptions {
  readonly redirectUri: string;
  readonly domain: string;
  readonly code: string;
  readonly state: string;
  readonly secret: string;
  readonly now: Date;
}

/** The URL of the callback after the merchant approves the app. */
export function toCallbackUrl(options: CallbackOptions): string {
  const { redirectUri, domain, code, state, secret, now } = options;
  const store = domain.split('.')[0] ?? '';
  const query = {
    code,
    host: Buffer.from(`admin.shopify.com/store/${store}`).toString('base64'),
    shop: domain,
    state,
    timestamp: String(Math.floor(now.getTime() / 1000)),
  };
  const url = new URL(redirectUri);
  url.search = new URLSearchParams(toSignedQuery(query, secret)).toString();
  return url.href;
}
