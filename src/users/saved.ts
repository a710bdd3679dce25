import { changeOf } from '../customers/change.ts';
import type { Customer } from '../customers/customer.ts';
import { precedenceOf, type Precedence } from '../customers/precedence.ts';
import type { Item } from '../dynamodb/conditional-update.ts';
import { toStored } from './stored-state.ts';

/** The outcome of a change: written, or why it lost. None is an error. */
export type Saved = 'written' | Exclude<Precedence, 'wins'>;

/** Why a change lost against the existing item. */
export function toSaved(customer: Customer, existing: Item): Saved {
  const precedence = precedenceOf({ by: 'webhook', change: changeOf(customer) }, toStored(existing));
  // The condition failed although the change wins: another program wrote a time that is not text, which DynamoDB cannot
  // compare.
  return precedence === 'wins' ? 'stale' : precedence;
}
