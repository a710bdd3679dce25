import type { Drawing, Host } from './element.ts';

const WIDTHS = new Map([
  ['small', '640px'],
  ['large', '1200px'],
]);

const page: Drawing = {
  looks: ['frame'],
  style: ({ text }) =>
    `display:block;max-inline-size:${WIDTHS.get(text('inlinesize') ?? '') ?? '960px'};margin:0 auto;padding:16px`,
  draw: ({ text }) => (
    <>
      <header class="row">
        <h1>{text('heading')}</h1>
        <slot name="secondary-actions" />
        <slot name="primary-action" />
      </header>
      <main>
        <slot />
      </main>
    </>
  ),
};

const section: Drawing = {
  looks: ['frame'],
  style: 'display:block;margin-block-end:16px',
  draw({ text }) {
    const heading = text('heading');
    return (
      <section class="card" aria-label={text('accessibilitylabel') ?? heading}>
        {heading !== undefined && <h2>{heading}</h2>}
        <slot />
      </section>
    );
  },
};

const empty: Drawing = {
  looks: ['frame'],
  style: 'display:block;text-align:center',
  draw: ({ text }) => (
    <>
      <h2>{text('heading')}</h2>
      <slot name="subheading" />
      <div class="row center">
        <slot name="secondary-actions" />
        <slot name="primary-action" />
      </div>
    </>
  ),
};

function turn({ emit, flag }: Host, event: 'nextpage' | 'previouspage') {
  const possible = flag(event === 'nextpage' ? 'hasnextpage' : 'haspreviouspage');
  return (
    <button class="button auto" type="button" disabled={!possible} onClick={() => emit(event)}>
      {event === 'nextpage' ? 'Next' : 'Previous'}
    </button>
  );
}

const table: Drawing = {
  looks: ['frame', 'button'],
  style: 'display:block',
  draw: (host) => (
    <>
      <slot name="filters" />
      <div class="table" role="table">
        <slot />
      </div>
      {host.flag('paginate') && (
        <nav class="row center" aria-label="Pagination">
          {turn(host, 'previouspage')}
          {turn(host, 'nextpage')}
        </nav>
      )}
    </>
  ),
};

/** On a phone a cell is below the name of its column, as in Polaris' list layout. */
function columnOf(cell: HTMLElement): string | null {
  const index = [...(cell.parentElement?.children ?? [])].indexOf(cell);
  const header = cell.closest('s-table')?.querySelectorAll('s-table-header')[index];
  return header?.getAttribute('listslot') === 'labeled' ? header.textContent : null;
}

export const layout: Readonly<Record<string, Drawing>> = {
  's-page': page,
  's-section': section,
  's-empty-state': empty,
  's-table': table,
  's-table-header-row': { looks: ['table'], role: 'row', style: 'display:table-row', draw: () => <slot /> },
  's-table-body': {
    looks: ['table'],
    role: 'rowgroup',
    style: 'display:table-row-group',
    draw: () => <slot />,
  },
  's-table-row': { looks: ['table'], role: 'row', style: 'display:table-row', draw: () => <slot /> },
  's-table-header': {
    looks: ['table'],
    role: 'columnheader',
    style: 'display:table-cell',
    draw: () => <slot />,
  },
  's-table-cell': {
    looks: ['table'],
    role: 'cell',
    style: 'display:table-cell',
    draw: ({ element }) => (
      <>
        <span class="column" aria-hidden="true">
          {columnOf(element)}
        </span>
        <slot />
      </>
    ),
  },
};
