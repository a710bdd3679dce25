import type { ComponentChild } from 'preact';
import type { User } from '../answers.ts';
import { Email, Joined, OpenInShopify, PersonLink, Plan } from './person-cells.tsx';

export type RowAction = (user: User) => ComponentChild;

/** A person in a list; PeopleTable has the column headings. */
export function PersonRow({ user, action }: { user: User; action: RowAction | undefined }) {
  return (
    <s-table-row>
      <s-table-cell>
        <PersonLink user={user} />
      </s-table-cell>
      <s-table-cell>
        <Email email={user.email} />
      </s-table-cell>
      <s-table-cell>
        <Plan user={user} />
      </s-table-cell>
      <s-table-cell>
        <Joined user={user} />
      </s-table-cell>
      <s-table-cell>
        <div class="actions">
          <OpenInShopify user={user} />
          {action?.(user)}
        </div>
      </s-table-cell>
    </s-table-row>
  );
}
