import { EventEmitter, once } from 'node:events';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createAdmin, type TokenSource } from '../../src/shopify/admin/admin.ts';
import { createTransport } from '../../src/shopify/transport.ts';
import type { Sleep } from '../../src/shopify/admin/query-queue.ts';
import { createShop } from '../../simulator/shop/shop.ts';
import { startShops, type ShopsOptions } from '../../simulator/shop/shops.ts';
import { APP } from '../../simulator/shop/visit.ts';

/** A fake clock: sleeping moves it at once. While it is held, sleepers wait. */
export function createSleepClock() {
  let time = Date.parse('2026-11-01T12:00:00Z');
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const events = new EventEmitter();
  return {
    now: () => time,
    async sleep(milliseconds: number, signal?: AbortSignal) {
      events.emit('sleep');
      await gate.promise;
      await nextTurn();
      signal?.throwIfAborted();
      time += milliseconds;
      events.emit('wake');
    },
    hold() {
      gate = Promise.withResolvers<void>();
    },
    release: () => gate.resolve(),
    /** Resolves at the next sleep. */
    someoneSleeps: () => once(events, 'sleep'),
    someoneWakes: () => once(events, 'wake'),
  };
}

interface AdminOptions extends Pick<ShopsOptions, 'limits'> {
  readonly clock: { readonly now: () => number; readonly sleep?: Sleep };
  readonly domains?: readonly string[];
  /** The timeout of a request, in milliseconds. Default 2000. */
  readonly timeout?: number;
}

/** Simulated shops and a client, whose token source fetches a new token when one is refused. */
export async function startAdmin(t: TestContext, options: AdminOptions) {
  const { clock, domains = ['toys.myshopify.com'], timeout = 2000, limits = {} } = options;
  const now = () => new Date(clock.now());
  const shops = await startShops({
    shops: domains.map((domain) => createShop({ domain, now, offset: -300 })),
    app: APP,
    limits,
  });
  t.after(() => shops.close());

  const accessTokens = new Map<string, string>();
  const refused: string[] = [];
  const issue = (shop: string) => shops.shop(shop).tokens.issue({ expiring: false }).access_token;
  const tokens: TokenSource = {
    async accessToken(shop) {
      const token = accessTokens.get(shop) ?? issue(shop);
      accessTokens.set(shop, token);
      return token;
    },
    async refused(shop, token) {
      refused.push(token);
      accessTokens.set(shop, issue(shop));
    },
  };

  let sink = '';
  const log = createLog('trace', { write: (line) => void (sink += line) });
  const metrics = createMetrics();
  const connect = (standInUrl = shops.url) =>
    createAdmin({ transport: createTransport({ standInUrl, timeout }), tokens, metrics, log, ...clock });
  return {
    admin: connect(),
    /** A second, independent client, as in another process. */
    connect,
    shop: (domain = 'toys.myshopify.com') => shops.shop(domain),
    tokensRefused: () => refused,
    tokens: () => [...accessTokens.values(), ...refused],
    metrics: () => metrics.registry.metrics(),
    logged: () => sink,
  };
}
