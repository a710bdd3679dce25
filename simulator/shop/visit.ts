import { after, before } from 'node:test';
import { z } from 'zod';
import { createShop, type CustomerFields, type Shop } from './shop.ts';
import { startShops, type Shops, type ShopsOptions } from './shops.ts';

export const DOMAIN = 'toys.myshopify.com';
export const APP = { clientId: 'a-client-id', secret: 'hush-this-is-the-secret' };

/** A clock that the test moves. */
export function createClock(start = '2026-11-01T12:00:00Z') {
  let time = Date.parse(start);
  return { now: () => new Date(time), pass: (seconds: number) => void (time += seconds * 1000) };
}

export function aCustomer(fields: Partial<CustomerFields> = {}): CustomerFields {
  const names = { firstName: 'Bob', lastName: 'Biller', email: 'bob@biller.com' };
  return { ...names, state: 'enabled', verifiedEmail: true, ...fields };
}

/** The value at a path of an answer, such as `customers.nodes.0.id`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export interface Visit {
  readonly clock: ReturnType<typeof createClock>;
  readonly shop: Shop;
  readonly shops: Shops;
  readonly running: ReturnType<Shops['shop']>;
  /** Queries the Admin API with a valid token; resolves to the body. */
  readonly graphql: (query: string, variables?: Record<string, unknown>) => Promise<GraphqlBody>;
  readonly post: (path: string, body: object, headers?: Record<string, string>) => Promise<Response>;
}

const Body = z.object({
  data: z.unknown().optional(),
  errors: z.unknown().optional(),
  extensions: z.unknown().optional(),
});
type GraphqlBody = z.infer<typeof Body>;

/** A running shop for the tests of a file. */
export function useShop(options: Partial<ShopsOptions> = {}): () => Visit {
  let visit: Visit | undefined;

  before(async () => {
    const clock = createClock();
    const shop = createShop({ domain: DOMAIN, now: clock.now, offset: -300 });
    const shops = await startShops({ shops: [shop], app: APP, ...options });
    const running = shops.shop(DOMAIN);
    const post: Visit['post'] = (path, body, headers = {}) =>
      fetch(shops.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-shop': DOMAIN, ...headers },
        body: JSON.stringify(body),
      });
    visit = {
      clock,
      shop,
      shops,
      running,
      post,
      async graphql(query, variables = {}) {
        const token = running.tokens.issue({ expiring: false }).access_token;
        const headers = { 'x-shopify-access-token': token };
        const response = await post('/admin/api/2026-10/graphql.json', { query, variables }, headers);
        return Body.parse(await response.json());
      },
    };
  });
  after(() => visit?.shops.close());
  return () => {
    if (visit === undefined) throw new Error('The shop has not started');
    return visit;
  };
}
