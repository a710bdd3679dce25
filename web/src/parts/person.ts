import type { User } from '../answers.ts';
import { isString } from '../guards.ts';
import type { Role } from '../words/words.ts';

/** Null for a person without a name. */
export function nameOf({ first_name, last_name }: User): string | null {
  const name = [first_name, last_name].filter(Boolean).join(' ').trim();
  return name === '' ? null : name;
}

export const holds = (user: User, role: Role): boolean =>
  role === 'admin' ? user.is_admin : user.is_featured_author;

/** A text field of the plan's details in the person's item. */
export function detailOf({ membership }: User, name: string): string | null {
  const value = membership?.[name];
  return isString(value) ? value : null;
}

export const planOf = (user: User): string | null => detailOf(user, 'name') ?? user.membership_id;

export const cardAddress = ({ user_id }: User): string =>
  `/find?${new URLSearchParams({ q: user_id }).toString()}`;
