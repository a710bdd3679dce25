import { api } from '../api.ts';
import type { Source, Sources, User } from '../answers.ts';
import { useResource, type Resource } from '../resource.ts';
import { useSpeech } from '../words/locale.ts';
import { detailOf, nameOf, planOf } from './person.ts';
import { useProblemText } from './states.tsx';

interface Row {
  readonly value: string;
  readonly content: string;
  readonly source: string;
  readonly changed: string;
}

type Asked = Resource<Sources | null>;
type Sourced = Pick<Row, 'source' | 'changed'>;

/** The source of a role or the membership. A placeholder text avoids a layout shift. */
function useSourced({ data, problem, loading }: Asked): (name: keyof Sources) => Sourced {
  const { words, formats } = useSpeech();
  const { find, common } = words;

  function toSourced({ source, changed_at: changed }: Source): Sourced {
    const texts = { metafield: find.fromField, tag: find.fromTag, none: find.fromNothing };
    return { source: texts[source], changed: changed === null ? find.unknown : formats.moment(changed) };
  }

  return (name) => {
    if (loading) return { source: common.loading, changed: common.loading };
    if (problem !== undefined || data === undefined) return { source: find.unknown, changed: find.unknown };
    return data === null ? { source: find.fromPlatform, changed: find.unknown } : toSourced(data[name]);
  };
}

function useRows(user: User, asked: Asked): readonly Row[] {
  const { words, formats } = useSpeech();
  const { person, find, common } = words;
  const sourcedOf = useSourced(asked);
  const yesNo = (value: boolean) => (value ? common.yes : common.no);
  const moment = (instant: string | null) => (instant === null ? find.unknown : formats.moment(instant));
  const changed = moment(user.shopify_updated_at);
  const source = user.shopify_id === null ? find.fromPlatform : find.fromCustomer;
  const state = user.shopify_state;
  const account = state === null ? find.unknown : (person.states[state] ?? state);
  const joined = user.created_at === null ? find.unknown : formats.day(user.created_at);
  const plan = planOf(user);
  const rows: readonly Row[] = [
    { value: person.name, content: nameOf(user) ?? person.noName, source, changed },
    { value: person.email, content: user.email ?? person.noEmail, source, changed },
    { value: person.emailConfirmed, content: yesNo(user.verified_email === true), source, changed },
    { value: person.account, content: account, source, changed },
    { value: person.active, content: yesNo(user.is_active), source: find.fromRule, changed },
    { value: person.author, content: yesNo(user.is_featured_author), ...sourcedOf('is_featured_author') },
    { value: person.admin, content: yesNo(user.is_admin), ...sourcedOf('is_admin') },
    { value: person.membership, content: plan ?? person.noMembership, ...sourcedOf('membership') },
    { value: person.joined, content: joined, source: find.fromFirst, changed: moment(user.created_at) },
  ];
  const version = detailOf(user, 'version');
  if (plan === null || version === null) return rows;
  return [
    ...rows,
    { value: person.planDetails, content: plan, source: find.fromPlan, changed: formats.moment(version) },
  ];
}

/** The source and last change of each value. Those of roles and membership are loaded from Shopify after the rest. */
export function PersonSources({ user }: { user: User }) {
  const { find, common } = useSpeech().words;
  const toText = useProblemText();
  const key = [user.user_id, user.is_admin, user.is_featured_author, user.membership_id].join(' ');
  const asked: Asked = useResource(key, async (signal) =>
    user.shopify_id === null ? null : api.sources(user.user_id, signal),
  );
  return (
    <s-section heading={find.sources}>
      <s-table>
        <s-table-header-row>
          <s-table-header listSlot="primary">{find.value}</s-table-header>
          <s-table-header listSlot="secondary">{find.content}</s-table-header>
          <s-table-header listSlot="labeled">{find.source}</s-table-header>
          <s-table-header listSlot="labeled">{find.changed}</s-table-header>
        </s-table-header-row>
        <s-table-body>
          {useRows(user, asked).map(({ value, content, source, changed }) => (
            <s-table-row key={value}>
              <s-table-cell>{value}</s-table-cell>
              <s-table-cell>
                <span class="long">
                  <s-text dir="auto">{content}</s-text>
                </span>
              </s-table-cell>
              <s-table-cell>{source}</s-table-cell>
              <s-table-cell>{changed}</s-table-cell>
            </s-table-row>
          ))}
        </s-table-body>
      </s-table>
      {asked.problem !== undefined && !asked.loading && (
        <s-stack direction="inline" gap="base" alignItems="center">
          <s-text>{`${find.sourcesProblem} ${toText(asked.problem)}`}</s-text>
          <s-button onClick={asked.reload}>{common.retry}</s-button>
        </s-stack>
      )}
    </s-section>
  );
}
