import { changeOf } from '../customers/change.ts';
import type { Customer } from '../customers/customer.ts';
import { precedenceOf, type Precedence } from '../customers/precedence.ts';
import type { Item } from '../dynamodb/conditional-update.ts';
import { toStored } from './stored-state.ts';

/** What became of a change: written, or why it lost. None is an error. */
export type Saved = 'written' | Exclude<Precedence, 'wins'>;

/** What became of a change that was refused because of the item that stands. */
export function toSaved(customer: Customer, existing: Item): Saved {
  const precedence = precedenceOf({ by: 'webhook', change: changeOf(customer) }, toStored(existing));
  // Refused all the same: another program wrote a time that is no text, which DynamoDB finds neither earlier nor later.
  return precedence === 'wins' ? 'stale' : precedence;
}
