/** Sends a request to Shopify, within a time limit. */
export type Transport = (url: string, init?: RequestInit) => Promise<Response>;

export interface TransportOptions {
  /** The origin that stands in for Shopify in tests and in the demo; undefined: Shopify itself. */
  readonly standInUrl: string | undefined;
  /** For the whole answer, in milliseconds. Neither Shopify's library nor fetch has a limit of its own. */
  readonly timeout: number;
}

/**
 * The only way out to Shopify. With a stand-in, a request to `https://{shop}/path` goes to `{stand-in}/path` with the
 * header `x-shop: {shop}`; fetch cannot set `host`. A stand-in's own addresses (results of bulk operations) are
 * left as they are.
 */
export function createTransport({ standInUrl, timeout }: TransportOptions): Transport {
  return async function transport(url, init = {}) {
    const signal = AbortSignal.timeout(timeout);
    const { origin, host, pathname, search } = new URL(url);
    if (standInUrl === undefined || origin === standInUrl) return fetch(url, { ...init, signal });
    const headers = new Headers(init.headers);
    headers.set('x-shop', host);
    return fetch(`${standInUrl}${pathname}${search}`, { ...init, headers, signal });
  };
}
