/** A fetch with a timeout. */
export type Transport = (url: string, init?: RequestInit) => Promise<Response>;

export interface TransportOptions {
  /** The origin of the simulated Shopify, in tests and in the demo; undefined: Shopify itself. */
  readonly standInUrl: string | undefined;
  /** Milliseconds for the whole answer. Neither Shopify's library nor fetch has a timeout. */
  readonly timeout: number;
}

/**
 * Every request to Shopify goes through a transport. With a stand-in, a request to `https://{shop}/path` goes to
 * `{stand-in}/path` with the header `x-shop: {shop}`, because fetch cannot set `host`. URLs of the stand-in itself (results
 * of bulk operations) stay as they are.
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
