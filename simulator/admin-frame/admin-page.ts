export interface AdminPage {
  /** The app's origin. */
  readonly appUrl: string;
  readonly shop: string;
  readonly locale: string;
  /** The path in the app, with its query. */
  readonly address: string;
  /** The admin's path of the app, before the address. */
  readonly base: string;
  /** The first session token, which the frame's URL carries. */
  readonly idToken: string;
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** The frame's URL, with the parameters that Shopify's admin adds. */
export function toFrameUrl({ appUrl, shop, locale, address, idToken }: Omit<AdminPage, 'base'>): string {
  const url = new URL(address, appUrl);
  const store = shop.replace('.myshopify.com', '');
  const host = Buffer.from(`admin.shopify.com/store/${store}`).toString('base64url');
  for (const [name, value] of Object.entries({ embedded: '1', shop, host, locale, id_token: idToken }))
    url.searchParams.set(name, value);
  return url.toString();
}

const STYLE = `
body{margin:0;display:grid;grid-template:auto 1fr/200px minmax(0,1fr);block-size:100dvh;font:13px/1.5 system-ui,sans-serif;background:#1a1a1a;color:#303030}
header{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:4px 16px;padding:8px 16px;color:#fff}
header strong{background:#ffe14d;color:#303030;padding:0 8px;border-radius:6px}
header a{color:#fff}
nav{background:#ebebeb;padding:8px;border-start-start-radius:12px}
nav ul{margin:0;padding:0;list-style:none}
nav a{display:block;padding:4px 8px;border-radius:8px;color:#303030;text-decoration:none;font-weight:550}
nav li+li a{padding-inline-start:20px}
nav a:hover{background:#fff}
iframe{border:0;inline-size:100%;block-size:100%;background:#f1f1f1}
#toasts{position:fixed;inset-block-end:24px;inset-inline:0;display:grid;justify-items:center;pointer-events:none}
#toasts p{margin:0;padding:8px 16px;border-radius:8px;background:#303030;color:#fff}
#toasts p.error{background:#8e0b21}
@media(max-width:600px){body{grid-template:auto auto 1fr/minmax(0,1fr)}nav{border-radius:0}nav ul{display:flex;overflow-x:auto}nav a,nav li+li a{white-space:nowrap;padding:4px 8px}}
`;

/** The simulated admin with the app in a frame. It is labelled as simulated. */
export function toAdminPage(page: AdminPage): string {
  const { shop, base } = page;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(shop)} (simulated)</title>
<style>${STYLE}</style>
<body data-base="${escape(base)}">
<script src="/simulated/admin.js"></script>
<header>
<strong>Simulated Shopify admin</strong>
<span>${escape(shop)}</span>
<a href="?locale=en" hreflang="en">English</a>
<a href="?locale=de" hreflang="de">Deutsch</a>
<span id="notice" role="status"></span>
</header>
<nav aria-label="Apps"><ul></ul></nav>
<iframe title="Rollcall" src="${escape(toFrameUrl(page))}"></iframe>
<div id="toasts" role="status" aria-label="Toasts"></div>
</body>
</html>
`;
}
