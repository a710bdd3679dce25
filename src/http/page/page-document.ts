import type { PageBuild } from './page-build.ts';

export interface DocumentParts {
  readonly build: PageBuild;
  /** The app's client id. */
  readonly apiKey: string;
  readonly appBridgeUrl: string;
  readonly polarisUrl: string;
}

const ESCAPES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['"', '&quot;'],
]);
const escape = (text: string) => text.replaceAll(/[&<"]/g, (character) => ESCAPES.get(character) ?? '');

/**
 * The page's document, without any shop's data and without inline scripts. App Bridge requires this order: the meta tag
 * with the client id, App Bridge as the first script, neither deferred nor a module, then Polaris, then our module. Async
 * scripts do not count, so the guard comes first: after App Bridge, a script that hangs would block the guard too.
 * https://shopify.dev/docs/api/app-home, https://github.com/Shopify/shopify-app-bridge/issues/229
 */
export function toDocument({ build, apiKey, appBridgeUrl, polarisUrl }: DocumentParts): string {
  const styles = build.styles.map((path) => `<link rel="stylesheet" href="${escape(path)}">`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta name="shopify-api-key" content="${escape(apiKey)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Rollcall</title>',
    ...styles,
    `<script type="module" async src="${escape(build.guard)}"></script>`,
    `<script src="${escape(appBridgeUrl)}"></script>`,
    `<script src="${escape(polarisUrl)}"></script>`,
    `<script type="module" src="${escape(build.main)}"></script>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    '<noscript>Rollcall needs JavaScript.</noscript>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The `Link` header: the browser fetches everything at once, before it parses the document. */
export function toLinkHeader({ build, appBridgeUrl, polarisUrl }: DocumentParts): string {
  const origins = new Set([appBridgeUrl, polarisUrl].map((url) => new URL(url).origin));
  return [
    ...[...origins].map((origin) => `<${origin}>; rel=preconnect`),
    ...[appBridgeUrl, polarisUrl].map((url) => `<${url}>; rel=preload; as=script`),
    ...build.styles.map((path) => `<${path}>; rel=preload; as=style`),
    ...[build.guard, build.main].map((path) => `<${path}>; rel=modulepreload`),
  ].join(', ');
}
