import { isToAdmin, type ToPage } from './messages.ts';

// The simulated admin around the page: its navigation, its toasts, its address bar, and the session tokens.

const frame = document.querySelector('iframe');
const navigation = document.querySelector('nav ul');
const toasts = document.querySelector('#toasts');
const notice = document.querySelector('#notice');
const { base = '' } = document.body.dataset;

const tell = (message: ToPage) => frame?.contentWindow?.postMessage(message, '*');

async function sendToken(ask: number): Promise<void> {
  const response = await fetch('/session-token');
  tell({ kind: 'token', ask, token: await response.text() });
}

function showNavigation(links: readonly { readonly href: string; readonly label: string }[]): void {
  const items = [{ href: '/', label: 'Rollcall' }, ...links].map(({ href, label }) => {
    const link = document.createElement('a');
    link.href = base + href;
    link.textContent = label;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      tell({ kind: 'navigate', href });
    });
    const item = document.createElement('li');
    item.append(link);
    return item;
  });
  navigation?.replaceChildren(...items);
}

function showToast(message: string, isError: boolean): void {
  const toast = document.createElement('p');
  toast.textContent = message;
  toast.className = isError ? 'error' : '';
  toasts?.replaceChildren(toast);
  setTimeout(() => toast.remove(), 5000);
}

window.addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
  if (source !== frame?.contentWindow || !isToAdmin(data)) return;
  switch (data.kind) {
    case 'token':
      return void sendToken(data.ask);
    case 'navigation':
      return showNavigation(data.links);
    case 'toast':
      return showToast(data.message, data.isError);
    case 'place':
      return window.history.replaceState(null, '', base + data.address);
    case 'leave':
      if (notice !== null)
        notice.textContent = `The real admin would open ${data.href.replace('shopify://admin/', '')} here.`;
  }
});
