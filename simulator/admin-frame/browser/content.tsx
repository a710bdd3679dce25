import type { Drawing, Host } from './element.ts';
import { boxStyle } from './sizes.ts';

const plainSlot = () => <slot />;

const toneOf = ({ text }: Host) => `${text('tone') ?? 'auto'} ${text('color') ?? 'base'}`;

const text: Drawing = {
  looks: ['text'],
  draw(host) {
    const content = <slot />;
    const direction = host.text('dir');
    const dir = direction === 'auto' || direction === 'ltr' || direction === 'rtl' ? direction : undefined;
    const style =
      host.text('fontvariantnumeric') === 'tabular-nums' ? 'font-variant-numeric:tabular-nums' : '';
    if (host.text('type') === 'strong')
      return (
        <strong dir={dir} class={toneOf(host)}>
          {content}
        </strong>
      );
    return (
      <span dir={dir} class={toneOf(host)} style={style}>
        {content}
      </span>
    );
  },
};

const progress: Drawing = {
  looks: ['frame'],
  style: 'display:block',
  draw({ text: read }) {
    const value = read('value');
    return (
      <progress
        aria-label={read('accessibilitylabel')}
        max={read('max') ?? '1'}
        {...(value !== undefined && { value })}
      />
    );
  },
};

const banner: Drawing = {
  looks: ['frame'],
  style: 'display:block;margin-block-end:16px',
  draw: ({ text: read }) => {
    const tone = read('tone') ?? 'auto';
    return (
      <section
        class={`banner ${tone}`}
        role={tone === 'critical' ? 'alert' : 'status'}
        aria-label={read('heading')}
      >
        <h2>{read('heading')}</h2>
        <slot />
        <div class="answers">
          <slot name="secondary-actions" />
        </div>
      </section>
    );
  },
};

const stack: Drawing = {
  style: (host) =>
    `display:flex;flex-flow:${host.text('direction') === 'inline' ? 'row wrap' : 'column'};${boxStyle(host)}`,
  draw: plainSlot,
};

export const content: Readonly<Record<string, Drawing>> = {
  's-text': text,
  's-progress': progress,
  's-banner': banner,
  's-stack': stack,
  's-box': { style: (host) => `display:block;${boxStyle(host)}`, draw: plainSlot },
  's-grid': { style: (host) => `display:grid;${boxStyle(host)}`, draw: plainSlot },
  's-paragraph': {
    looks: ['text'],
    style: 'display:block',
    draw: (host) => (
      <p class={toneOf(host)}>
        <slot />
      </p>
    ),
  },
  's-heading': {
    looks: ['frame'],
    style: 'display:block',
    draw: () => (
      <h2>
        <slot />
      </h2>
    ),
  },
  's-badge': {
    looks: ['badge'],
    draw: (host) => (
      <span class={`badge ${toneOf(host)}`}>
        <slot />
      </span>
    ),
  },
  's-spinner': {
    looks: ['frame'],
    draw: ({ text: read }) => <span class="spinner" role="img" aria-label={read('accessibilitylabel')} />,
  },
};
