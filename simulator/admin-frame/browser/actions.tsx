import type { Drawing, Host } from './element.ts';

const GLYPHS = new Map([['export', '⇩ ']]);

/** `auto`: the browser decides. */
function targetOf({ text }: Host): string | undefined {
  const target = text('target');
  return target === 'auto' ? undefined : target;
}

function onClick({ element, text, flag }: Host, event: MouseEvent): void {
  if (flag('loading') || flag('disabled')) return event.stopImmediatePropagation();
  if (text('type') === 'submit') element.closest('form')?.requestSubmit();
}

const button: Drawing = {
  looks: ['button'],
  style: 'display:inline-block;vertical-align:middle',
  draw(host) {
    const { text, flag } = host;
    const label = text('accessibilitylabel');
    const looks = `button ${text('variant') ?? 'auto'} ${text('tone') ?? 'auto'}`;
    const href = text('href');
    const content = (
      <>
        <span aria-hidden="true">{GLYPHS.get(text('icon') ?? '')}</span>
        <slot />
      </>
    );
    if (href !== undefined)
      return (
        <a class={looks} href={href} target={targetOf(host)} aria-label={label}>
          {content}
        </a>
      );
    const loading = flag('loading');
    return (
      <button
        class={`${looks}${loading ? ' loading' : ''}`}
        type="button"
        disabled={flag('disabled')}
        aria-disabled={loading}
        aria-busy={loading}
        aria-label={label}
        onClick={(event) => onClick(host, event)}
      >
        {content}
      </button>
    );
  },
};

const link: Drawing = {
  looks: ['link'],
  draw: (host) => (
    <a
      class="link"
      href={host.text('href') ?? '#'}
      target={targetOf(host)}
      aria-label={host.text('accessibilitylabel')}
    >
      <slot />
    </a>
  ),
};

const dialogOf = (element: HTMLElement) => element.shadowRoot?.querySelector('dialog');

const modal: Drawing = {
  looks: ['frame'],
  methods: {
    showOverlay: (element) => dialogOf(element)?.showModal(),
    hideOverlay: (element) => dialogOf(element)?.close(),
  },
  draw: ({ text, emit }) => (
    <dialog aria-label={text('heading')} onClose={() => emit('hide')}>
      <h2>{text('heading')}</h2>
      <slot />
      <div class="row end">
        <slot name="secondary-actions" />
        <slot name="primary-action" />
      </div>
    </dialog>
  ),
};

export const actions: Readonly<Record<string, Drawing>> = {
  's-button': button,
  's-link': link,
  's-modal': modal,
};
