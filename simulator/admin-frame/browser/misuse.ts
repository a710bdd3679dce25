import type { AttributeSpec } from './spec.ts';

globalThis.polarisMisuse = [];

export function report(problem: string): void {
  if (polarisMisuse.includes(problem)) return;
  polarisMisuse.push(problem);
  // For developers with the console open.
  // oxlint-disable-next-line no-console
  console.error(`Polaris stand-in: ${problem}`);
}

/** Whether a value is allowed for an attribute. Preact clears a property with an empty text. */
export function fits({ kind, values = [] }: AttributeSpec, value: unknown): boolean {
  if (value === '' || value === null || value === undefined) return true;
  switch (kind) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Number(value)));
    case 'enum':
      return typeof value === 'string' && values.includes(value);
    case 'words':
      return typeof value === 'string' && value.split(' ').every((word) => values.includes(word));
    case 'size':
      return typeof value === 'string' && /^(\d+(\.\d+)?(px|%)|0|auto|none)$/.test(value);
    case 'text':
      return typeof value === 'string';
    case 'method':
      return false;
  }
}

// Global attributes. The stand-in itself sets `role` on the elements of tables.
const COMMON = new Set(['id', 'slot', 'role']);
const APP_BRIDGE = new Set(['s-app-nav', 's-app-window']);
const PARENTS = new Map([
  ['s-table-row', 's-table-body'],
  ['s-table-header', 's-table-header-row'],
  ['s-table-cell', 's-table-row'],
  ['s-option', 's-select'],
]);
// From the descriptions of the slots: Polaris drops or misplaces other elements there.
const ACTIONS = new Map([
  ['primary-action', ['primary']],
  ['secondary-actions', ['secondary', 'auto']],
]);

function checkSlot(element: Element): void {
  const parent = element.parentElement;
  const spec = parent === null ? undefined : polarisSpec[parent.localName];
  if (parent === null || spec === undefined) return;
  const slot = element.getAttribute('slot') ?? '';
  if (!spec.slots.includes(slot)) report(`<${parent.localName}> has no slot "${slot}"`);
  const variants = ACTIONS.get(slot);
  if (variants === undefined) return;
  if (element.localName !== 's-button' && element.localName !== 's-button-group')
    report(`<${element.localName}> is no action of <${parent.localName}>`);
  else if (!variants.includes(element.getAttribute('variant') ?? 'auto') && parent.localName !== 's-banner')
    report(`the button in slot "${slot}" of <${parent.localName}> has the wrong variant`);
  if (slot === 'primary-action' && parent.querySelectorAll(':scope > [slot="primary-action"]').length > 1)
    report(`<${parent.localName}> has several primary actions`);
}

/** Reports what Polaris would not understand about an element. */
export function check(element: Element): void {
  const tag = element.localName;
  checkSlot(element);
  if (!tag.startsWith('s-') || APP_BRIDGE.has(tag)) return;
  const spec = polarisSpec[tag];
  if (spec === undefined) return report(`there is no <${tag}>`);
  if (customElements.get(tag) === undefined) report(`<${tag}> is not drawn here yet`);
  for (const { name, value } of element.attributes) {
    const attribute = spec.attributes[name];
    if (attribute === undefined) {
      if (!COMMON.has(name)) report(`<${tag}> has no attribute "${name}"`);
    } else if (attribute.kind !== 'boolean' && !fits(attribute, value))
      report(`<${tag} ${name}="${value}"> is not one of ${attribute.values?.join(', ') ?? attribute.kind}`);
  }
  const parent = PARENTS.get(tag);
  if (parent !== undefined && element.parentElement?.localName !== parent)
    report(`<${tag}> belongs into <${parent}>`);
}
