import type { User } from '../api-types.ts';
import { useSpeech } from '../words/locale.ts';
import { detailOf, nameOf, planOf } from './person.ts';

interface Origin {
  readonly value: string;
  readonly content: string;
  readonly source: string;
  readonly changed: string | null;
}

function useOrigins(user: User): readonly Origin[] {
  const { words, formats } = useSpeech();
  const { person, find, common } = words;
  const yesNo = (value: boolean) => (value ? common.yes : common.no);
  const fromCustomer = { source: find.fromCustomer, changed: user.shopify_updated_at };
  const fromField = { source: find.fromField, changed: null };
  const state = user.shopify_state;
  const plan = detailOf(user, 'source') === 'tag' ? find.fromTag : find.fromField;
  return [
    { value: person.name, content: nameOf(user) ?? person.noName, ...fromCustomer },
    { value: person.email, content: user.email ?? person.noEmail, ...fromCustomer },
    { value: person.emailConfirmed, content: yesNo(user.verified_email === true), ...fromCustomer },
    {
      value: person.account,
      content: state === null ? find.unknown : (person.states[state] ?? state),
      ...fromCustomer,
    },
    {
      value: person.active,
      content: yesNo(user.is_active),
      source: find.fromRule,
      changed: user.shopify_updated_at,
    },
    { value: person.author, content: yesNo(user.is_featured_author), ...fromField },
    { value: person.admin, content: yesNo(user.is_admin), ...fromField },
    {
      value: person.membership,
      content: planOf(user) ?? person.noMembership,
      source: plan,
      changed: detailOf(user, 'version'),
    },
    {
      value: person.joined,
      content: user.created_at === null ? find.unknown : formats.day(user.created_at),
      source: find.fromFirst,
      changed: user.created_at,
    },
  ];
}

/** Where each value came from, and when it last changed as far as that is known. */
export function PersonOrigins({ user }: { user: User }) {
  const { words, formats } = useSpeech();
  const { find } = words;
  return (
    <s-section heading={find.origin}>
      <s-table>
        <s-table-header-row>
          <s-table-header listSlot="primary">{find.value}</s-table-header>
          <s-table-header listSlot="secondary">{find.content}</s-table-header>
          <s-table-header listSlot="labeled">{find.source}</s-table-header>
          <s-table-header listSlot="labeled">{find.changed}</s-table-header>
        </s-table-header-row>
        <s-table-body>
          {useOrigins(user).map(({ value, content, source, changed }) => (
            <s-table-row key={value}>
              <s-table-cell>{value}</s-table-cell>
              <s-table-cell>
                <span class="long">
                  <s-text dir="auto">{content}</s-text>
                </span>
              </s-table-cell>
              <s-table-cell>{source}</s-table-cell>
              <s-table-cell>{changed === null ? find.unknown : formats.moment(changed)}</s-table-cell>
            </s-table-row>
          ))}
        </s-table-body>
      </s-table>
    </s-section>
  );
}
