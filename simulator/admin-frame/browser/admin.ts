import { isToAdmin, type ToPage } from './messages.ts';

// The simulated admin around the page: navigation, toasts, address bar and session tokens.

// This script comes before the frame, so that no message of the page is missed; elements are looked up when needed.
const find = (selector: string) => document.querySelector(selector);
const pageOf = () => document.querySelector('iframe')?.contentWindow;

const base = () => document.body.dataset['base'] ?? '';
const tell = (message: ToPage) => pageOf()?.postMessage(message, '*');

async function sendToken(ask: number): Promise<void> {
  const response = await fetch('/session-token');
  tell({ kind: 'token', ask, token: await response.text() });
}

function showNavigation(links: readonly { readonly href: string; readonly label: string }[]): void {
  const items = [{ href: '/', label: 'Rollcall' }, ...links].map(({ href, label }) => {
    const link = document.createElement('a');
    link.href = base() + href;
    link.textContent = label;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      tell({ kind: 'navigate', href });
    });
    const item = document.createElement('li');
    item.append(link);
    return item;
  });
  find('nav ul')?.replaceChildren(...items);
}

function showToast(message: string, isError: boolean): void {
  const toast = document.createElement('p');
  toast.textContent = message;
  toast.className = isError ? 'error' : '';
  find('#toasts')?.replaceChildren(toast);
  setTimeout(() => toast.remove(), 5000);
}

function showNotice(text: string): void {
  const notice = find('#notice');
  if (notice !== null) notice.textContent = text;
}

window.addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
  if (source !== pageOf() || !isToAdmin(data)) return;
  switch (data.kind) {
    case 'token':
      return void sendToken(data.ask);
    case 'navigation':
      return showNavigation(data.links);
    case 'toast':
      return showToast(data.message, data.isError);
    case 'place':
      return window.history.replaceState(null, '', base() + data.address);
    case 'leave':
      if (/\/apps\/[^/]+$/.test(data.href)) return window.location.assign(`${base()}/`);
      return showNotice(`The real admin would open ${data.href.replace('shopify://admin/', '')} here.`);
  }
});
