import './page.css';

// The one script that works without Shopify's: it reports that they did not load, which happens behind some company
// networks and ad blockers. It comes first, because a script that hangs blocks all after it, and uses plain HTML only.

const TEXTS = {
  en: {
    lead: 'Rollcall could not load everything it needs from cdn.shopify.com.',
    hint: 'Your connection or an ad blocker may be in the way. Nothing is lost: your people are kept in step meanwhile.',
    reload: 'Reload',
  },
  de: {
    lead: 'Rollcall konnte nicht alles laden, was es von cdn.shopify.com braucht.',
    hint: 'Vielleicht steht Ihre Verbindung oder ein Werbeblocker im Weg. Nichts geht verloren: Ihre Personen bleiben abgeglichen.',
    reload: 'Neu laden',
  },
} as const;

/** How long Shopify's scripts may take to load. */
const TIMEOUT_MS = 15_000;

function toMessage(): HTMLElement {
  const locale = new URLSearchParams(window.location.search).get('locale') ?? navigator.language;
  const language = locale.startsWith('de') ? 'de' : 'en';
  const text = TEXTS[language];
  const message = document.createElement('div');
  message.id = 'guard';
  message.lang = language;
  message.setAttribute('role', 'alert');
  const lead = document.createElement('h1');
  lead.textContent = text.lead;
  const hint = document.createElement('p');
  hint.textContent = text.hint;
  const reload = document.createElement('a');
  reload.textContent = text.reload;
  // The first URL, because it has `?shop=`, without which the page may not be framed.
  reload.href = window.location.href;
  message.append(lead, hint, reload);
  return message;
}

/** While a script hangs in the head, the browser draws nothing: the message replaces the whole document. */
function giveUp(): void {
  const page = document.implementation.createHTMLDocument('Rollcall');
  for (const { href } of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    const style = page.createElement('link');
    style.rel = 'stylesheet';
    style.href = href;
    page.head.append(style);
  }
  page.body.append(toMessage());
  const html = new Blob(['<!doctype html>', page.documentElement.outerHTML], {
    type: 'text/html; charset=utf-8',
  });
  window.location.replace(URL.createObjectURL(html));
}

const late = setTimeout(giveUp, TIMEOUT_MS);

/** Every script has loaded or failed. */
function judge(): void {
  clearTimeout(late);
  if (!('shopify' in window) || customElements.get('s-page') === undefined)
    document.body.prepend(toMessage());
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', judge);
else judge();
