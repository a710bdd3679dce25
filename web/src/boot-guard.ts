import './page.css';

// The one script that must not need Shopify's: it speaks up when they did not come, which happens behind some company
// networks and ad blockers. It builds on plain HTML for the same reason.

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

function say(guard: HTMLElement): void {
  const locale = new URLSearchParams(window.location.search).get('locale') ?? navigator.language;
  const language = locale.startsWith('de') ? 'de' : 'en';
  const text = TEXTS[language];
  document.documentElement.lang = language;
  const lead = document.createElement('h1');
  lead.textContent = text.lead;
  const hint = document.createElement('p');
  hint.textContent = text.hint;
  const reload = document.createElement('button');
  reload.type = 'button';
  reload.textContent = text.reload;
  // The first address: it names the shop, without which nobody may frame the page.
  const address = window.location.href;
  reload.addEventListener('click', () => window.location.replace(address));
  guard.replaceChildren(lead, hint, reload);
  guard.setAttribute('role', 'alert');
  guard.hidden = false;
}

const guard = document.getElementById('guard');
const complete = 'shopify' in window && customElements.get('s-page') !== undefined;
if (guard !== null && !complete) say(guard);
