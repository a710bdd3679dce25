import express from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { toAdminPage } from './admin-page.ts';
import { bundleStandIns } from './bundle.ts';

export interface AdminServerOptions {
  /** The app's origin; called with every visit, because the app may start later. */
  readonly appUrl: () => string;
  readonly shop: string;
  /** Issues a session token for the page. */
  readonly sessionToken: () => string;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface AdminServer {
  /** Serves App Bridge and Polaris; `/` redirects to the app in its frame. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the simulated admin on loopback: the frame around the app, its session tokens, and Shopify's two scripts. */
export async function startAdmin({
  appUrl,
  shop,
  sessionToken,
  port = 0,
}: AdminServerOptions): Promise<AdminServer> {
  const standIns = await bundleStandIns();
  const base = `/store/${shop.replace('.myshopify.com', '')}/apps/rollcall`;
  const web = express();
  const script = (path: string, text: string) =>
    web.get(path, (_request, response) => {
      response.type('text/javascript').set('Cache-Control', 'max-age=3600').send(text);
    });
  script('/shopifycloud/app-bridge.js', standIns.appBridge);
  script('/shopifycloud/polaris-1.js', standIns.polaris);
  script('/simulated/admin.js', standIns.admin);
  web.get('/session-token', (_request, response) => void response.type('text').send(sessionToken()));
  web.get('/', (_request, response) => response.redirect(`${base}/`));
  web.get(`${base}{/*view}`, (request, response) => {
    const address = request.originalUrl.slice(base.length) || '/';
    const { locale: asked } = request.query;
    const locale = typeof asked === 'string' ? asked : (request.acceptsLanguages()[0] ?? 'en');
    // The admin itself may not be framed.
    response.set('Content-Security-Policy', "frame-ancestors 'none'");
    response
      .type('html')
      .send(toAdminPage({ appUrl: appUrl(), shop, locale, address, base, idToken: sessionToken() }));
  });

  const server = createServer(web).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
