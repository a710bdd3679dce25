import { render } from 'preact';
import { App } from './app.tsx';
import { startRouter } from './router.ts';
import { loadSpeech } from './words/locale.ts';
import { warmUpFormats } from './words/warm-up.ts';
import './page.css';

// The admin's language, from App Bridge or from the first URL.
function localeOf(): string | null | undefined {
  return shopify.config.locale ?? new URLSearchParams(window.location.search).get('locale');
}

const root = document.getElementById('app');
// Without App Bridge there is no session token; boot-guard.ts reports it.
if (root !== null && 'shopify' in window) {
  warmUpFormats();
  startRouter();
  render(<App speech={await loadSpeech(localeOf())} />, root);
}
