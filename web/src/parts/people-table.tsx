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
  /** What the last column offers for a person, beside the way to Shopify; the same function at every draw. */
  readonly action?: RowAction;
}

/**
 * A button that has become disabled, or whose row has gone, drops the focus: then it falls to the list, not to the top
 * of the page. The browser notices such a button with the next frame only.
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

/** How many rows to draw: a few first, and the rest below them a frame later, so that the first are seen sooner. */
function useRowCount(): number {
  const [count, setCount] = useState(FIRST_ROWS);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setCount(Infinity));
    return () => cancelAnimationFrame(frame);
  }, []);
  return count;
}

/** Turns to the page after or before this one. Filters stay, and the way back is kept beside the address. */
function turn({ path, params, trail }: Place, cursor: string, newTrail: readonly string[]): void {
  const { cursor: _left, ...filters } = Object.fromEntries(params);
  if (currentPlace().trail.length === trail.length) go(toAddress(path, { ...filters, cursor }), newTrail);
}

/** A page of people. The rows of the page before stay until the next are there, so that nothing jumps. */
export function PeopleTable({ place, label, people, page, action }: PeopleTableProps) {
  const { words, formats } = useSpeech();
  const region = useRef<HTMLDivElement>(null);
  const cursor = place.params.get('cursor') ?? '';
  const shown = words.common.people(page.items.length, formats.number(page.items.length));
  const number = cursor === '' || place.trail.length > 0 ? place.trail.length + 1 : undefined;

  const count = useRowCount();
  const hasOthers = cursor !== '' || page.next_cursor !== null;
  // Drawn once for a page: a click that turns it is answered without drawing its rows again.
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
        // Below all rows, or it would jump when the rest is drawn.
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
