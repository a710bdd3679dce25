import express, { type Request, type Response } from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestKind } from './faults.ts';
import { createApp, type App, type AppOptions } from '../oauth/app.ts';
import { kindOfGrant } from '../oauth/grant.ts';
import { answerAuthorize, answerDownload, answerGraphql, answerTokens, type Exchange } from './routes.ts';
import { createRunningShop, type RunningShop, type RunningShopOptions } from './running-shop.ts';
import type { Shop } from './shop.ts';

export interface ShopsOptions extends Omit<RunningShopOptions, 'shop' | 'app' | 'resultUrl'> {
  readonly shops: readonly Shop[];
  readonly app: AppOptions;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface Shops {
  /** The origin for requests to `https://{shop}/path`, sent with the header `x-shop: {shop}`. */
  readonly url: string;
  readonly app: App;
  /** @throws Error if there is no such shop */
  shop(domain: string): RunningShop;
  /** One more shop, while the server runs. */
  add(shop: Shop): RunningShop;
  close(): Promise<void>;
}

/** Starts one server on loopback for all shops. */
export async function startShops({ shops, port = 0, ...options }: ShopsOptions): Promise<Shops> {
  const app = createApp(options.app);
  const running = new Map<string, RunningShop>();
  const web = express();
  web.use(express.json({ limit: '10mb' }), express.urlencoded({ extended: false }));
  web.post(
    '/admin/oauth/access_token',
    toHandler(({ body }) => kindOfGrant(body), answerTokens),
  );
  web.get(
    '/admin/oauth/authorize',
    toHandler(() => 'authorize', answerAuthorize),
  );
  web.post(
    '/admin/api/:version/graphql.json',
    toHandler(() => 'graphql', answerGraphql),
  );
  web.get(
    '/bulk-results/:shop/:file',
    toHandler(() => 'bulk_download', answerDownload),
  );

  function toHandler(kindOf: (request: Request) => RequestKind, answer: (exchange: Exchange) => void) {
    return async (request: Request, response: Response): Promise<void> => {
      const domain = request.params.shop ?? request.get('x-shop') ?? request.query.shop;
      const shop = typeof domain === 'string' ? running.get(domain) : undefined;
      if (shop === undefined) response.status(404).json({ errors: 'Not Found' });
      else await meetFault({ shop, request, response, kind: kindOf(request) }, answer);
    };
  }

  const server = createServer(web).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;

  function add(shop: Shop): RunningShop {
    const resultUrl = (file: string) => `${url}/bulk-results/${shop.domain}/${file}`;
    const added = createRunningShop({ ...options, shop, app, resultUrl });
    running.set(shop.domain, added);
    return added;
  }

  for (const shop of shops) add(shop);

  return {
    url,
    app,
    add,
    shop(domain) {
      const one = running.get(domain);
      if (one === undefined) throw new Error(`There is no shop ${domain}`);
      return one;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Arrival extends Omit<Exchange, 'fault'> {
  readonly kind: RequestKind;
}

/** Counts a request and answers it, or applies the next fault of its kind. */
async function meetFault({ kind, ...arrival }: Arrival, answer: (exchange: Exchange) => void): Promise<void> {
  const { shop, request, response } = arrival;
  shop.counts[kind] += 1;
  const fault = shop.faults.take(kind);
  await shop.faults.pass(kind);
  if (shop.faults.latency > 0) await delay(shop.faults.latency);
  if (fault === 'token_revoked') shop.tokens.revokeAll();
  if (fault === 'answer_lost') response.end = () => response.destroy();
  if (fault === 'too_many_requests')
    response.status(429).set('Retry-After', '2.0').json({ errors: 'Exceeded the rate limit' });
  else if (fault === 'server_error') response.status(500).json({ errors: 'Internal Server Error' });
  else if (fault === 'forbidden') response.status(403).json({ errors: 'Forbidden' });
  else if (fault === 'edge_block') response.status(403).send('<html><h1>403 Forbidden</h1></html>');
  else if (fault === 'bad_gateway') response.status(502).send('<html><h1>502 Bad Gateway</h1></html>');
  else if (fault === 'dropped' && kind !== 'bulk_download') request.socket.destroy();
  else answer({ ...arrival, fault });
}
