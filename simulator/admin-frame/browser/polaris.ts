import { actions } from './actions.tsx';
import { content } from './content.tsx';
import { define, type Drawing } from './element.ts';
import { fields } from './fields.tsx';
import { layout } from './layout.tsx';
import { check } from './misuse.ts';

const drawings: Readonly<Record<string, Drawing>> = { ...actions, ...content, ...fields, ...layout };
for (const [tag, drawing] of Object.entries(drawings)) define(tag, drawing);

// Elements that depend on their children are drawn again when these change.
const DEPENDENT = 's-select, s-table-cell';

function redraw(element: Element): void {
  if ('redraw' in element && typeof element.redraw === 'function') element.redraw();
}

const changed = new Set<Element>();

function look(): void {
  for (const element of changed) if (element.isConnected) check(element);
  changed.clear();
}

function take(node: Node): void {
  if (!(node instanceof Element)) return;
  changed.add(node);
  for (const inner of node.querySelectorAll('*')) changed.add(inner);
}

new MutationObserver((changes) => {
  // In idle time: Polaris makes no such check, and the page must not wait for it.
  if (changed.size === 0) setTimeout(look);
  for (const { target, type, addedNodes } of changes) {
    if (type === 'attributes' && target instanceof Element) changed.add(target);
    for (const node of addedNodes) take(node);
    const dependent = (target instanceof Element ? target : target.parentElement)?.closest(DEPENDENT);
    if (dependent !== null && dependent !== undefined) redraw(dependent);
  }
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
