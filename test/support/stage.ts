import { after } from 'node:test';
import type { Browser, BrowserContext, FrameLocator, Page, Route } from 'playwright-core';
import { listen, type HttpServer } from '../../src/http/server.ts';
import { toAdminPage } from '../../simulator/admin-frame/admin-page.ts';
import { bundleStandIns, type StandIns } from '../../simulator/admin-frame/bundle.ts';
import { startChromium } from './chromium.ts';
import { SHOP, useRollcall, type TestRollcall } from './rollcall.ts';
import { aSessionToken } from './session-token.ts';

export const APP_ORIGIN = 'https://rollcall.example.com';
export const ADMIN_ORIGIN = 'https://admin.shopify.com';
const BASE = '/store/toys/apps/rollcall';

/** An answer in the server's place. Keys are such as `GET /api/sync`, with or without the query. */
export type Answers = Readonly<Record<string, (body: unknown) => { status?: number; body: unknown }>>;

export interface VisitOptions {
  readonly address?: string;
  readonly locale?: string;
  readonly phone?: boolean;
  readonly answers?: Answers;
  /** The origin that frames the page. */
  readonly admin?: string;
  /** A promise delays the answer; the browser's clock stands still until the test advances it. */
  readonly cdn?: 'reached' | 'blocked' | Promise<void>;
  /** The session token of the page's nth request for one. */
  readonly token?: (n: number) => string;
  /** Replaces a session token on its way to the server, for example by an expired one. */
  readonly tokenSent?: (token: string) => string;
  /** A script that runs in every document first. */
  readonly init?: string;
}

/** A merchant on the page: their own browser context, the real origins, the real server behind the app's. */
export interface Visit {
  readonly page: Page;
  /** The app inside the admin. */
  readonly app: FrameLocator;
  /** The requests to the app's origin so far, such as `GET /api/sync`. */
  readonly requests: string[];
  /** The misuse that the Polaris stand-in reported, and script errors. */
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Stage {
  readonly running: () => TestRollcall;
  readonly visit: (options?: VisitOptions) => Promise<Visit>;
}

interface Parts {
  readonly browser: Browser;
  readonly standIns: StandIns;
  readonly server: HttpServer;
}

/**
 * Starts the program and a browser before the tests of a file, and closes them after.
 * @param prepare runs before the first test, for example to put people into the table
 * @param flags additional flags of the browser
 */
export function useStage(
  prepare: (running: TestRollcall) => Promise<void> = async () => undefined,
  flags: readonly string[] = [],
): Stage {
  let parts: Parts | undefined;
  const running = useRollcall({}, async (started) => {
    const [browser, standIns] = await Promise.all([startChromium(flags), bundleStandIns(), prepare(started)]);
    parts = { browser, standIns, server: await listen(started.rollcall.app, 0) };
  });
  after(async () => {
    await parts?.browser.close();
    await parts?.server.drain(1000);
  });

  return {
    running,
    async visit(options = {}) {
      if (parts === undefined) throw new Error('The stage is not set');
      const context = await parts.browser.newContext({
        viewport: options.phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
      });
      return openVisit(parts, context, options);
    },
  };
}

async function openVisit(
  { standIns, server }: Parts,
  context: BrowserContext,
  options: VisitOptions,
): Promise<Visit> {
  const { address = '/', locale = 'en', answers = {}, admin = ADMIN_ORIGIN, cdn = 'reached' } = options;
  const { token = () => aSessionToken(), tokenSent = (sent) => sent } = options;
  const requests: string[] = [];
  const errors: string[] = [];
  let tokens = 0;

  await context.route(`${admin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/session-token') return route.fulfill({ body: token(tokens++) });
    if (pathname === '/simulated/admin.js')
      return route.fulfill({ contentType: 'text/javascript', body: standIns.admin });
    const idToken = token(tokens++);
    const body = toAdminPage({ appUrl: APP_ORIGIN, shop: SHOP, locale, address, base: BASE, idToken });
    return route.fulfill({ contentType: 'text/html; charset=utf-8', body });
  });
  await context.route('https://cdn.shopify.com/**', async (route) => {
    if (cdn === 'blocked') return route.abort('blockedbyclient');
    await cdn;
    const body = route.request().url().includes('app-bridge') ? standIns.appBridge : standIns.polaris;
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  await context.route(`${APP_ORIGIN}/**`, async (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const name = `${request.method()} ${pathname}`;
    requests.push(name + search);
    const answer = answers[name + search] ?? answers[name];
    if (answer === undefined) return passOn(route, server.port, tokenSent);
    const { status = 200, body } = answer(request.postDataJSON());
    return route.fulfill({ status, json: body });
  });

  if (options.init !== undefined) await context.addInitScript(options.init);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  // The first page of a new browser is slow.
  page.setDefaultNavigationTimeout(30_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // The browser logs every answer with an error status; tests of errors expect them.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  const isWaiting = cdn instanceof Promise;
  if (isWaiting) await page.clock.install();
  await page.goto(`${admin}${BASE}${address}`, { waitUntil: isWaiting ? 'commit' : 'load' });
  return {
    page,
    app: page.frameLocator('iframe'),
    requests,
    problems: errors,
    close: () => context.close(),
  };
}

/** Forwards a request to the real server over HTTP. */
async function passOn(route: Route, port: number, tokenSent: (token: string) => string): Promise<void> {
  const request = route.request();
  const { pathname, search } = new URL(request.url());
  const response = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
    method: request.method(),
    headers: toHeaders(await request.allHeaders(), tokenSent),
    body: request.postDataBuffer(),
  });
  const headers = Object.fromEntries(response.headers);
  // fetch has decompressed the body.
  delete headers['content-encoding'];
  delete headers['content-length'];
  await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
}

function toHeaders(
  headers: Record<string, string>,
  tokenSent: (token: string) => string,
): Record<string, string> {
  const entries = Object.entries(headers).filter(
    ([name]) => !name.startsWith(':') && !['host', 'connection', 'content-length'].includes(name),
  );
  const token = headers['authorization']?.slice('Bearer '.length);
  return {
    ...Object.fromEntries(entries),
    ...(token !== undefined && { authorization: `Bearer ${tokenSent(token)}` }),
  };
}
