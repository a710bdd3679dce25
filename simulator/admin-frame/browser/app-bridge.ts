import { isToPage, type ToAdmin } from './messages.ts';

// The part of App Bridge that the page uses, talking to the simulated admin.
// https://shopify.dev/docs/api/app-home/apis

const script = document.currentScript;
const meta = document.querySelector('meta[name="shopify-api-key"]');
if (!(script instanceof HTMLScriptElement) || script.async || script.defer || script.type === 'module')
  throw new Error('App Bridge refuses to be deferred or to be a module');
// As the real App Bridge: https://github.com/Shopify/shopify-app-bridge/issues/229
const first = [...document.scripts].find(
  ({ src, async, defer, type }) => src !== '' && !async && !defer && type !== 'module',
);
if (first !== script) throw new Error('App Bridge wants to be the first script');
if (meta === null) throw new Error('App Bridge misses <meta name="shopify-api-key"> before its script');

const params = new URLSearchParams(window.location.search);
const tell = (message: ToAdmin) => window.parent.postMessage(message, '*');

const asks = new Map<number, (token: string) => void>();
// The first session token is in the frame's URL.
const given = params.get('id_token');
let token: Promise<string> | undefined = given === null ? undefined : Promise.resolve(given);

function freshToken(): Promise<string> {
  token = new Promise((resolve) => {
    const ask = asks.size;
    asks.set(ask, resolve);
    tell({ kind: 'token', ask });
  });
  return token;
}

const idToken = () => token ?? freshToken();

const plainFetch = window.fetch.bind(window);

/** Adds the session token to requests to the app's origin; renews it once if the server requests that. */
async function fetchWithToken(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== window.location.origin) return plainFetch(request);
  const send = async (current: string) => {
    const headers = new Headers(request.headers);
    headers.set('Authorization', `Bearer ${current}`);
    return plainFetch(new Request(request.clone(), { headers }));
  };
  const response = await send(await idToken());
  if (response.status !== 401 || !response.headers.has('x-shopify-retry-invalid-session-request'))
    return response;
  return send(await freshToken());
}
window.fetch = fetchWithToken;

/** The URL that the admin shows: without the parameters that it added for the frame. */
function tellPlace(): void {
  const url = new URL(window.location.href);
  for (const name of ['embedded', 'shop', 'host', 'locale', 'id_token']) url.searchParams.delete(name);
  tell({ kind: 'place', address: url.pathname + url.search });
}

const { history } = window;
for (const name of ['pushState', 'replaceState'] as const) {
  const plain = history[name].bind(history);
  history[name] = (data: unknown, unused: string, url?: string | URL | null) => {
    plain(data, unused, url);
    tellPlace();
  };
}
window.addEventListener('popstate', tellPlace);

/** The links of the app's navigation, which the admin shows. */
class AppNav extends HTMLElement {
  connectedCallback(): void {
    this.style.display = 'none';
    new MutationObserver(() => this.publish()).observe(this, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    this.publish();
  }

  publish(): void {
    const links = [...this.querySelectorAll('[href]')].map((link) => ({
      href: link.getAttribute('href') ?? '/',
      label: link.textContent,
    }));
    tell({ kind: 'navigation', links });
  }
}
customElements.define('s-app-nav', AppNav);

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isToPage(data)) return;
  if (data.kind === 'token') return asks.get(data.ask)?.(data.token);
  const link = [...document.querySelectorAll('s-app-nav [href]')].find(
    (candidate) => candidate.getAttribute('href') === data.href,
  );
  const event = new Event('shopify:navigate', { bubbles: true });
  if (link !== undefined) link.dispatchEvent(event);
  else {
    // A click on the app's name in the admin leads home.
    history.pushState({}, '', data.href);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }
});

const ADMIN = 'https://admin.shopify.com';
// In the demo, the real URL would lead to the real admin, which does not have the demo's shop.
const isTrueAdmin = document.referrer.startsWith(ADMIN);
const leadsToAdmin = (href: string | null) =>
  href !== null && (href.startsWith('shopify:') || (!isTrueAdmin && href.startsWith(`${ADMIN}/`)));

// `shopify://admin/…` leads to a page of the admin.
document.addEventListener('click', (event) => {
  const href = event
    .composedPath()
    .map((target) => (target instanceof Element ? target.getAttribute('href') : null))
    .find(leadsToAdmin);
  if (href === undefined || href === null) return;
  event.preventDefault();
  tell({ kind: 'leave', href });
});

Object.assign(window, {
  shopify: {
    config: {
      apiKey: meta.getAttribute('content'),
      shop: params.get('shop') ?? undefined,
      host: params.get('host') ?? undefined,
      locale: params.get('locale') ?? undefined,
    },
    idToken,
    ready: Promise.resolve(),
    toast: {
      show(message: string, { isError = false } = {}) {
        tell({ kind: 'toast', message, isError });
        return '1';
      },
    },
  },
});
