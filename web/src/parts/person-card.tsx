import { useState } from 'preact/hooks';
import type { User } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';
import type { Role } from '../words/words.ts';
import { RoleDialog, type RoleIntent } from './role-dialog.tsx';
import { Email, OpenInShopify } from './person-cells.tsx';
import { holds, nameOf, planOf } from './person.ts';
import { PersonSources } from './person-sources.tsx';

const ROLES = ['author', 'admin'] as const;

function Ids({ user }: { user: User }) {
  const { words } = useSpeech();
  return (
    <div class="facts">
      <s-text color="subdued">{`${words.person.userId}: ${user.user_id}`}</s-text>
      {user.shopify_id !== null && (
        <s-text color="subdued">{`${words.person.shopifyId}: ${user.shopify_id}`}</s-text>
      )}
    </div>
  );
}

interface PersonCardProps {
  readonly user: User;
  /** The role that the search was opened to give. */
  readonly wanted: Role | undefined;
  readonly onChange: (user: User) => void;
}

/** All stored data of a person, and the buttons that give or take a role. */
export function PersonCard({ user, wanted, onChange }: PersonCardProps) {
  const { words } = useSpeech();
  const [intent, setIntent] = useState<RoleIntent>();
  const name = nameOf(user);
  const plan = planOf(user);
  const roleButton = (role: Role) => {
    const give = !holds(user, role);
    return (
      <s-button
        key={role}
        tone={give ? 'auto' : 'critical'}
        variant={give && role === wanted ? 'primary' : 'secondary'}
        onClick={() => setIntent({ user, role, give })}
      >
        {give ? words.roles.give[role] : words.roles.takeLong[role]}
      </s-button>
    );
  };

  return (
    <>
      <s-section accessibilityLabel={name ?? words.person.noName}>
        <s-stack gap="base">
          <s-heading>
            <span class="long" dir="auto">
              {name ?? words.person.noName}
            </span>
          </s-heading>
          <s-stack direction="inline" gap="small">
            {user.is_active && <s-badge tone="success">{words.person.active}</s-badge>}
            {ROLES.filter((role) => holds(user, role)).map((role) => (
              <s-badge key={role}>{words.person[role]}</s-badge>
            ))}
            {plan !== null && <s-badge tone="info">{plan}</s-badge>}
          </s-stack>
          <Email email={user.email} />
          <Ids user={user} />
          <s-stack direction="inline" gap="base" alignItems="center">
            {ROLES.map(roleButton)}
            <OpenInShopify user={user} />
          </s-stack>
        </s-stack>
      </s-section>
      <PersonSources user={user} />
      <RoleDialog intent={intent} onClose={() => setIntent(undefined)} onDone={onChange} />
    </>
  );
}
