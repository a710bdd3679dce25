import { useEffect, useState } from 'preact/hooks';
import { isRecord } from './guards.ts';

/** The current view, and in `params` its whole state. */
export interface Place {
  readonly path: string;
  readonly params: URLSearchParams;
  /** The cursors of the previous pages, first page first; empty if the URL was opened directly. */
  readonly trail: readonly string[];
}

type Params = Readonly<Record<string, string | undefined>>;

const listeners = new Set<() => void>();

function toTrail(state: unknown): readonly string[] {
  const trail = isRecord(state) ? state['trail'] : undefined;
  return Array.isArray(trail) ? trail.filter((cursor) => typeof cursor === 'string') : [];
}

export function currentPlace(): Place {
  const { pathname, search } = window.location;
  return { path: pathname, params: new URLSearchParams(search), trail: toTrail(window.history.state) };
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function toAddress(path: string, params: Params = {}): string {
  const given = Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const query = new URLSearchParams(given).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Pushes a URL of the page to the history. App Bridge updates the admin's URL. */
export function go(address: string, trail: readonly string[] = []): void {
  window.history.pushState({ trail }, '', address);
  tell();
}

/** The URL of a click on a link within the page; undefined for any other click. */
function addressOf(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  for (const target of event.composedPath()) {
    const href = target instanceof Element ? target.getAttribute('href') : null;
    if (href?.startsWith('/')) return href;
  }
  return undefined;
}

function followClick(event: MouseEvent): void {
  const address = addressOf(event);
  if (address === undefined) return;
  event.preventDefault();
  go(address);
}

// App Bridge sends this event for a click in the admin's navigation.
function followNavigation(event: Event): void {
  const href = event.target instanceof Element ? event.target.getAttribute('href') : null;
  if (href !== null) go(href);
}

/** Handles links, the admin's navigation and Back without loading the document again. */
export function startRouter(): void {
  document.addEventListener('click', followClick);
  document.addEventListener('shopify:navigate', followNavigation);
  window.addEventListener('popstate', tell);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const listener = () => setPlace(currentPlace());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return place;
}
