import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.ts';
import type { User } from '../answers.ts';
import { PersonCard } from '../parts/person-card.tsx';
import { Empty, Pending } from '../parts/states.tsx';
import { useResource } from '../resource.ts';
import { go, toAddress, type Place } from '../router.ts';
import { toAsked } from '../search.ts';
import { useSpeech } from '../words/locale.ts';
import type { Role } from '../words/words.ts';

const toRole = (text: string | null): Role | undefined =>
  text === 'author' || text === 'admin' ? text : undefined;

/** Null if there is no such person; undefined without a search. */
async function findPerson(query: string, signal: AbortSignal): Promise<User | null | undefined> {
  const asked = toAsked(query);
  if (asked === undefined) return undefined;
  if ('userId' in asked) return (await api.person(asked.userId, signal)) ?? null;
  const path = toAddress('/api/users', { shopify_id: asked.shopifyId });
  const { items } = await api.people(path, signal);
  // A number may also be a user_id of the platform.
  return items[0] ?? (await api.person(query.trim(), signal)) ?? null;
}

/** One person, found by any of their ids. */
export function Find({ place }: { place: Place }) {
  const { words } = useSpeech();
  const query = place.params.get('q') ?? '';
  const role = toRole(place.params.get('for'));
  const [text, setText] = useState(query);
  const person = useResource(query, (signal) => findPerson(query, signal));
  useEffect(() => setText(query), [query]);

  function search(event: Event): void {
    event.preventDefault();
    if (text.trim() === query) person.reload();
    else go(toAddress('/find', { for: role, q: text.trim() }));
  }

  // In a Polaris field, Enter does not submit the form.
  function searchOnEnter(event: KeyboardEvent): void {
    if (
      event.key === 'Enter' &&
      event.target instanceof Element &&
      event.target.localName === 's-search-field'
    )
      search(event);
  }

  function result() {
    if (query === '') return <Empty heading={words.find.start} hint={words.find.startHint} />;
    if (person.problem !== undefined || person.loading || person.data === undefined)
      return <Pending resource={person} />;
    if (person.data === null) return <Empty heading={words.find.nothing} hint={words.find.nothingHint} />;
    return <PersonCard user={person.data} wanted={role} onChange={person.replace} />;
  }

  return (
    <s-page heading={words.nav.find}>
      <s-section accessibilityLabel={words.find.label}>
        <form class="search" onSubmit={search} onKeyDown={searchOnEnter}>
          <s-search-field
            label={words.find.label}
            details={words.find.hint}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
          <s-button type="submit" variant="primary">
            {words.find.search}
          </s-button>
        </form>
      </s-section>
      <div role="region" aria-live="polite" aria-busy={person.loading} aria-label={words.nav.find}>
        {result()}
      </div>
    </s-page>
  );
}
