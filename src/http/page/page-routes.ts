import { Router, type Request, type RequestHandler, type Response } from 'express';
import { toShopDomain } from '../../shop-domain.ts';
import { encode, type Encoded } from './page-build.ts';
import { toDocument, toLinkHeader, type DocumentParts } from './page-document.ts';

export interface PageDeps {
  readonly page: Page;
}

export interface Page {
  readonly document: Encoded;
  readonly link: string;
  readonly assets: ReadonlyMap<string, Encoded>;
  /** The origins that may frame the page besides the shop: the admin, and in the demo the simulated one. */
  readonly admins: readonly string[];
}

export interface PageOptions extends DocumentParts {
  readonly admins: readonly string[];
}

// The page takes its view from the path. Each of these may be opened or reloaded directly.
const VIEWS = ['/', '/featured-authors', '/admins', '/members', '/find', '/sync'];
const YEAR = 31_536_000;

export async function createPage({ admins, ...parts }: PageOptions): Promise<Page> {
  const document = await encode(toDocument(parts), 'text/html; charset=utf-8');
  return { document, link: toLinkHeader(parts), assets: parts.build.assets, admins };
}

/** Sets frame-ancestors on every answer: the shop in `?shop=` and the admin, or nobody without a valid shop. */
export function createFraming({ page: { admins } }: PageDeps): RequestHandler {
  return function frame({ query: { shop: given } }, response, next) {
    const shop = typeof given === 'string' ? toShopDomain(given) : undefined;
    const ancestors = shop === undefined ? "'none'" : [`https://${shop}`, ...admins].join(' ');
    response.set('Content-Security-Policy', `frame-ancestors ${ancestors}`);
    next();
  };
}

/** GET / and the other views: the page's document. GET /assets: Vite's files, cached for ever. */
export function createPageRouter({ page: { document, link, assets } }: PageDeps): Router {
  const router = Router();
  router.get(VIEWS, (request, response) => {
    // The frame policy belongs to one shop, and a cache may ignore the query string.
    response.set({ 'Cache-Control': 'no-store', Link: link });
    send(request, response, document);
  });
  router.get('/assets/:name', (request, response, next) => {
    const asset = assets.get(request.path);
    if (asset === undefined) return next();
    response.set('Cache-Control', `public, max-age=${YEAR}, immutable`);
    send(request, response, asset);
  });
  return router;
}

const ENCODINGS = ['br', 'gzip'] as const;

function send(request: Request, response: Response, file: Encoded): void {
  // In our order of preference: browsers list gzip first, but br is smaller.
  const encoding = ENCODINGS.find((name) => request.acceptsEncodings(name) !== false);
  if (encoding !== undefined) response.set('Content-Encoding', encoding);
  response
    .set({ Vary: 'Accept-Encoding', 'Content-Type': file.type, 'X-Content-Type-Options': 'nosniff' })
    .send(file[encoding ?? 'identity']);
}
