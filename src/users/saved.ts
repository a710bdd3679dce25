import { changeOf } from '../customers/change.ts';
import type { Customer } from '../customers/customer.ts';
import { precedenceOf, type Precedence, type Stored } from '../customers/precedence.ts';

/** The outcome of a change: written, or why it lost. None is an error. */
export type Saved = 'written' | Exclude<Precedence, 'wins'>;

/** What became of a change, and what it met. */
export interface SavedChange {
  readonly saved: Saved;
  /** What was stored before. */
  readonly existing: Stored;
}

/** What became of a change that was refused because of what is stored. */
export function toSaved(customer: Customer, existing: Stored): Saved {
  const precedence = precedenceOf({ by: 'webhook', change: changeOf(customer) }, existing);
  // Refused all the same: where the engine does not tell what refused it, the item was read a moment later.
  return precedence === 'wins' ? 'stale' : precedence;
}
