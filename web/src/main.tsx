import { render } from 'preact';
import { App } from './app.tsx';
import { startRouter } from './router.ts';
import { warmUpFormats } from './words/warm-up.ts';
import './page.css';

const root = document.getElementById('app');
// Without App Bridge there is no session token; boot-guard.ts reports it.
if (root !== null && 'shopify' in window) {
  warmUpFormats();
  startRouter();
  render(<App />, root);
}
