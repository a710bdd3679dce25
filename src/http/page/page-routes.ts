import { Router, type Request, type RequestHandler, type Response } from 'express';
import { toShopDomain } from '../../shop-domain.ts';
import { encode, type Encoded } from './page-build.ts';
import { toDocument, toLinkHeader, type DocumentParts } from './page-document.ts';

export interface PageDeps {
  readonly page: Page;
}

/** The page, ready to be sent. */
export interface Page {
  readonly document: Encoded;
  readonly link: string;
  readonly assets: ReadonlyMap<string, Encoded>;
  /** Who may frame the page besides the shop: the admin, and in the demo what stands in for it. */
  readonly admins: readonly string[];
}

export interface PageOptions extends DocumentParts {
  readonly admins: readonly string[];
}

// The page finds its view in the path; each of these may be opened or reloaded by itself.
const VIEWS = ['/', '/featured-authors', '/admins', '/members', '/find', '/sync'];
const YEAR = 31_536_000;

export async function createPage({ admins, ...parts }: PageOptions): Promise<Page> {
  const document = await encode(toDocument(parts), 'text/html; charset=utf-8');
  return { document, link: toLinkHeader(parts), assets: parts.build.assets, admins };
}

/** Says on every answer who may show it in a frame: the shop that the request names and the admin, or nobody. */
export function createFraming({ page: { admins } }: PageDeps): RequestHandler {
  return function frame({ query: { shop: given } }, response, next) {
    const shop = typeof given === 'string' ? toShopDomain(given) : undefined;
    const ancestors = shop === undefined ? "'none'" : [`https://${shop}`, ...admins].join(' ');
    response.set('Content-Security-Policy', `frame-ancestors ${ancestors}`);
    next();
  };
}

/** GET / and the other views: the document of the embedded page. GET /assets: what Vite built, good for ever. */
export function createPageRouter({ page: { document, link, assets } }: PageDeps): Router {
  const router = Router();
  router.get(VIEWS, (request, response) => {
    // Vary is not enough for a cache that ignores the query: the policy belongs to one shop.
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
  // Asked one by one: browsers name gzip first, and br is smaller.
  const encoding = ENCODINGS.find((name) => request.acceptsEncodings(name) !== false);
  if (encoding !== undefined) response.set('Content-Encoding', encoding);
  response
    .set({ Vary: 'Accept-Encoding', 'Content-Type': file.type, 'X-Content-Type-Options': 'nosniff' })
    .send(file[encoding ?? 'identity']);
}
