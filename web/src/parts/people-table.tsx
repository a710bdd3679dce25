import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { UserPage } from '../answers.ts';
import type { Resource } from '../resource.ts';
import { currentPlace, go, toAddress, type Place } from '../router.ts';
import { useSpeech } from '../words/locale.ts';
import { PersonRow, type RowAction } from './person-row.tsx';
import { ProblemBanner } from './states.tsx';

interface PeopleTableProps {
  readonly place: Place;
  readonly label: string;
  readonly people: Resource<UserPage>;
  readonly page: UserPage;
  /** The actions in the last column, beside the link to Shopify. Must be the same function at every render. */
  readonly action?: RowAction;
}

/**
 * A button that becomes disabled or is removed loses the focus: moves it to the list, not to the top of the page. Waits for
 * the next frame, in which the browser notices.
 */
function useKeptFocus(region: RefObject<HTMLElement | null>, page: UserPage): void {
  const first = useRef(page);
  useEffect(() => {
    if (first.current === page) return;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (document.activeElement === document.body) region.current?.focus({ preventScroll: true });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [region, page]);
}

const FIRST_ROWS = 6;

/** How many rows to render: a few first and the rest a frame later, so that the first ones are painted sooner. */
function useRowCount(): number {
  const [count, setCount] = useState(FIRST_ROWS);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setCount(Infinity));
    return () => cancelAnimationFrame(frame);
  }, []);
  return count;
}

/** Goes to the next or previous page. Keeps filters; the history state has the cursors of previous pages. */
function turn({ path, params, trail }: Place, cursor: string, newTrail: readonly string[]): void {
  const { cursor: _left, ...filters } = Object.fromEntries(params);
  if (currentPlace().trail.length === trail.length) go(toAddress(path, { ...filters, cursor }), newTrail);
}

/** A page of people. The rows stay until the next page has loaded, to avoid a layout shift. */
export function PeopleTable({ place, label, people, page, action }: PeopleTableProps) {
  const { words, formats } = useSpeech();
  const region = useRef<HTMLDivElement>(null);
  const cursor = place.params.get('cursor') ?? '';
  const shown = words.common.people(page.items.length, formats.number(page.items.length));
  const number = cursor === '' || place.trail.length > 0 ? place.trail.length + 1 : undefined;

  const count = useRowCount();
  const hasOthers = cursor !== '' || page.next_cursor !== null;
  // Memoized: a click on Next is answered without rendering the rows again.
  const rows = useMemo(
    () =>
      page.items.slice(0, count).map((user) => <PersonRow key={user.user_id} user={user} action={action} />),
    [page.items, count, action],
  );
  useKeptFocus(region, page);

  return (
    <div ref={region} role="group" aria-label={label} tabIndex={-1}>
      {people.problem !== undefined && <ProblemBanner problem={people.problem} onRetry={people.reload} />}
      <p class="status" role="status">
        {people.loading
          ? words.common.loading
          : number === undefined
            ? shown
            : words.list.page(number, shown)}
      </p>
      <s-table
        // Only below all rows, to avoid a layout shift when the rest is rendered.
        paginate={hasOthers && count === Infinity}
        hasPreviousPage={cursor !== ''}
        hasNextPage={page.next_cursor !== null}
        onNextPage={() => turn(place, page.next_cursor ?? '', [...place.trail, cursor])}
        onPreviousPage={() => turn(place, place.trail.at(-1) ?? '', place.trail.slice(0, -1))}
      >
        <s-table-header-row>
          <s-table-header listSlot="primary">{words.person.name}</s-table-header>
          <s-table-header listSlot="secondary">{words.person.email}</s-table-header>
          <s-table-header listSlot="labeled">{words.person.membership}</s-table-header>
          <s-table-header listSlot="labeled">{words.person.joined}</s-table-header>
          <s-table-header listSlot="inline">{words.person.action}</s-table-header>
        </s-table-header-row>
        <s-table-body>{rows}</s-table-body>
      </s-table>
    </div>
  );
}
