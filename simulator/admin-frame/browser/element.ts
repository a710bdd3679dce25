import { render, type ComponentChild } from 'preact';
import { fits, report } from './misuse.ts';
import type { AttributeSpec } from './spec.ts';
import { looks, type Look } from './style.ts';

/** Access to what the page set on an element. */
export interface Host {
  readonly element: HTMLElement;
  readonly text: (attribute: string) => string | undefined;
  readonly flag: (attribute: string) => boolean;
  /** Sets the property that the page reads, such as a field's value. */
  readonly set: (attribute: string, value: string) => void;
  readonly emit: (event: string) => void;
}

/** The content of an element's shadow root, and the style of its box. */
export interface Drawing {
  readonly draw: (host: Host) => ComponentChild;
  readonly looks?: readonly Look[];
  readonly style?: string | ((host: Host) => string);
  readonly role?: string;
  readonly methods?: Readonly<Record<string, (element: HTMLElement) => void>>;
}

function toHost(element: HTMLElement): Host {
  return {
    element,
    text: (attribute) => element.getAttribute(attribute) ?? undefined,
    flag: (attribute) => element.hasAttribute(attribute),
    set: (attribute, value) => element.setAttribute(attribute, value),
    emit: (event) => void element.dispatchEvent(new Event(event, { bubbles: event !== 'hide' })),
  };
}

function accessor(tag: string, name: string, spec: AttributeSpec): PropertyDescriptor {
  return {
    configurable: true,
    get(this: HTMLElement) {
      return spec.kind === 'boolean' ? this.hasAttribute(name) : (this.getAttribute(name) ?? '');
    },
    set(this: HTMLElement, value: unknown) {
      if (!fits(spec, value)) report(`<${tag}>.${spec.field} cannot be ${JSON.stringify(value)}`);
      if (spec.kind === 'boolean') this.toggleAttribute(name, value === true);
      else if (typeof value === 'string' && value !== '') this.setAttribute(name, value);
      else if (typeof value === 'number') this.setAttribute(name, `${value}`);
      else this.removeAttribute(name);
    },
  };
}

/** Defines a custom element: properties from the spec, content from the drawing. */
export function define(tag: string, drawing: Drawing): void {
  const attributes = Object.entries(polarisSpec[tag]?.attributes ?? {});
  const { style } = drawing;
  const shared = (drawing.looks ?? []).map((look) => toSheet(looks[look]));

  class PolarisElement extends HTMLElement {
    static readonly observedAttributes = attributes.map(([name]) => name);
    readonly #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    #due = false;

    connectedCallback(): void {
      if (drawing.role !== undefined) this.setAttribute('role', drawing.role);
      this.#drawNow();
    }

    attributeChangedCallback(): void {
      this.redraw();
    }

    redraw(): void {
      if (this.#due || !this.isConnected) return;
      this.#due = true;
      queueMicrotask(() => this.#drawNow());
    }

    #drawNow(): void {
      this.#due = false;
      const host = toHost(this);
      const box = typeof style === 'function' ? style(host) : (style ?? '');
      const sheets = [...shared, toSheet(`:host{${box}}`)];
      if (this.#root.adoptedStyleSheets.at(-1) !== sheets.at(-1)) this.#root.adoptedStyleSheets = sheets;
      render(drawing.draw(host), this.#root);
    }
  }

  for (const [name, spec] of attributes)
    if (spec.kind !== 'method')
      Object.defineProperty(PolarisElement.prototype, spec.field, accessor(tag, name, spec));
  for (const [name, method] of Object.entries(drawing.methods ?? {}))
    Object.defineProperty(PolarisElement.prototype, name, {
      value(this: HTMLElement) {
        method(this);
      },
    });
  customElements.define(tag, PolarisElement);
}

const sheetsByText = new Map<string, CSSStyleSheet>();

/** Elements of a kind share their style sheets. */
function toSheet(text: string): CSSStyleSheet {
  const sheet = sheetsByText.get(text) ?? new CSSStyleSheet();
  if (!sheetsByText.has(text)) sheet.replaceSync(text);
  sheetsByText.set(text, sheet);
  return sheet;
}
