import { actions } from './actions.tsx';
import { content, plainSlot } from './content.tsx';
import { define, type Drawing } from './element.ts';
import { fields } from './fields.tsx';
import { layout } from './layout.tsx';
import { check } from './misuse.ts';

const drawings: Readonly<Record<string, Drawing>> = { ...actions, ...content, ...fields, ...layout };
// What the page does not use yet is at least known.
const plain: Drawing = { style: 'display:block', draw: plainSlot };
for (const tag of Object.keys(polarisSpec)) define(tag, drawings[tag] ?? plain);

// Elements that draw what their children say look again when those change.
const DEPENDENT = 's-select, s-table-cell';

function redraw(element: Element): void {
  if ('redraw' in element && typeof element.redraw === 'function') element.redraw();
}

function look(node: Node): void {
  if (!(node instanceof Element)) return;
  check(node);
  for (const inner of node.querySelectorAll('*')) check(inner);
}

new MutationObserver((changes) => {
  for (const { target, type, addedNodes } of changes) {
    if (type === 'attributes' && target instanceof Element) check(target);
    for (const node of addedNodes) look(node);
    const dependent = (target instanceof Element ? target : target.parentElement)?.closest(DEPENDENT);
    if (dependent !== null && dependent !== undefined) redraw(dependent);
  }
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
