import { useCallback, useState } from 'preact/hooks';
import { api } from '../api.ts';
import type { User } from '../answers.ts';
import { ExportButton } from '../parts/export-button.tsx';
import { RoleDialog, type RoleIntent } from '../parts/role-dialog.tsx';
import { PeopleTable } from '../parts/people-table.tsx';
import { holds, nameOf } from '../parts/person.ts';
import { Empty, Pending } from '../parts/states.tsx';
import { useResource } from '../resource.ts';
import { go, toAddress, type Place } from '../router.ts';
import { useSpeech } from '../words/locale.ts';
import type { Role } from '../words/words.ts';

const PATHS = { author: '/featured-authors', admin: '/admins' } as const;

/** The instant just before a day begins in the user's time zone: `created_after` excludes it. Undefined: not a date. */
function beforeDay(day: string): string | undefined {
  // Date parses far more than dates.
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00`).getTime() : NaN;
  return Number.isNaN(time) ? undefined : new Date(time - 1).toISOString();
}

/** The people with a role, newest first: the views of featured authors and of admins. */
export function RoleHolders({ role, place }: { role: Role; place: Place }) {
  const { words } = useSpeech();
  const [intent, setIntent] = useState<RoleIntent>();
  const since = place.params.get('since') ?? '';
  const cursor = place.params.get('cursor') ?? undefined;
  const after = beforeDay(since);
  const filters = { created_after: after };
  const path = toAddress(`/api${PATHS[role]}`, { ...filters, cursor });
  const people = useResource(path, (signal) => api.people(path, signal));
  const page = people.data;
  const heading = role === 'admin' ? words.nav.admins : words.nav.authors;
  const addLabel = role === 'admin' ? words.list.addAdmin : words.list.addAuthor;

  function settle(changed: User): void {
    if (page === undefined) return;
    // The index behind the list lags a moment, so the row is removed here.
    const items = page.items.map((user) => (user.user_id === changed.user_id ? changed : user));
    const left = items.filter((user) => holds(user, role));
    if (left.length === 0 && page.next_cursor !== null) people.reload();
    else people.replace({ ...page, items: left });
  }

  const remove = useCallback(
    (user: User) => (
      <s-button
        variant="tertiary"
        tone="critical"
        accessibilityLabel={words.roles.takeOf[role](nameOf(user) ?? words.roles.somebody)}
        onClick={() => setIntent({ user, role, give: false })}
      >
        {words.roles.take[role]}
      </s-button>
    ),
    [role, words],
  );

  function body() {
    if (page === undefined) return <Pending resource={people} />;
    if (page.items.length > 0 || cursor !== undefined)
      return <PeopleTable place={place} label={heading} people={people} page={page} action={remove} />;
    if (after !== undefined)
      return (
        <Empty heading={words.list.nothingSince} hint={words.list.nothingSinceHint}>
          <s-button slot="secondary-actions" onClick={() => go(PATHS[role])}>
            {words.list.showAll}
          </s-button>
        </Empty>
      );
    const [empty, hint] =
      role === 'admin'
        ? [words.list.adminsEmpty, words.list.adminsEmptyHint]
        : [words.list.authorsEmpty, words.list.authorsEmptyHint];
    return <Empty heading={empty} hint={hint} />;
  }

  return (
    <s-page heading={heading} inlineSize="large">
      <s-button slot="primary-action" variant="primary" href={toAddress('/find', { for: role })}>
        {addLabel}
      </s-button>
      <ExportButton path={toAddress(`/api${PATHS[role]}.csv`, filters)} name={PATHS[role].slice(1)} />
      <s-section accessibilityLabel={heading}>
        <div class="filters">
          <s-date-field
            label={words.list.since}
            value={since}
            error={since !== '' && after === undefined ? words.list.notADay : ''}
            onChange={({ currentTarget }) => go(toAddress(PATHS[role], { since: currentTarget.value }))}
          />
          <s-text color="subdued">{words.list.newestFirst}</s-text>
        </div>
        {body()}
      </s-section>
      <RoleDialog intent={intent} onClose={() => setIntent(undefined)} onDone={settle} />
    </s-page>
  );
}
