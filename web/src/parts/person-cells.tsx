import type { User } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';
import { cardAddress, nameOf, planOf } from './person.ts';

// Plain elements where Polaris adds nothing: a list has a hundred of them.

/** A name, linked to the person's card. `dir="auto"`, because a name has a text direction of its own. */
export function PersonLink({ user }: { user: User }) {
  const { words } = useSpeech();
  const name = nameOf(user);
  return (
    <s-link href={cardAddress(user)}>
      {name === null ? (
        <s-text color="subdued">{words.person.noName}</s-text>
      ) : (
        <span class="long name" dir="auto">
          {name}
        </span>
      )}
    </s-link>
  );
}

export function Email({ email }: Pick<User, 'email'>) {
  const { words } = useSpeech();
  if (email === null) return <s-text color="subdued">{words.person.noEmail}</s-text>;
  return (
    <span class="long" dir="ltr">
      {email}
    </span>
  );
}

export function Plan({ user }: { user: User }) {
  const { words } = useSpeech();
  const plan = planOf(user);
  if (plan === null) return <s-text color="subdued">{words.person.noMembership}</s-text>;
  return <s-badge tone="info">{plan}</s-badge>;
}

export function Joined({ user }: { user: User }) {
  const { words, formats } = useSpeech();
  return <>{user.created_at === null ? words.find.unknown : formats.day(user.created_at)}</>;
}

/** A link to the customer in the admin; App Bridge resolves the URL. */
export function OpenInShopify({ user }: { user: User }) {
  const { words } = useSpeech();
  if (user.shopify_id === null) return null;
  const label = words.common.openInShopifyOf(nameOf(user) ?? words.roles.somebody);
  return (
    <s-link href={`shopify://admin/customers/${user.shopify_id}`} target="_top" accessibilityLabel={label}>
      {words.common.openInShopify}
    </s-link>
  );
}
