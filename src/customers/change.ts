import { hash } from 'node:crypto';
import type { Customer } from './customer.ts';

/** Where a change stands in the order of all changes of one customer. */
export interface Change {
  /** UTC ISO 8601 with milliseconds. */
  readonly updatedAt: string;
  /** 32 hex digits over the canonical profile. */
  readonly digest: string;
}

/** The change that a customer message makes, or undefined if the message says nothing but an id. */
export function changeOf(customer: Customer): Change | undefined {
  if (customer.updatedAt === undefined) return undefined;
  const { email, firstName, lastName, state, verifiedEmail } = customer.profile;
  // JSON leaves an undefined property out and keeps null: absent, null and empty differ in the digest too.
  const canonical = JSON.stringify({ email, firstName, lastName, state, verifiedEmail });
  const digest = hash('sha256', canonical).slice(0, 32);
  return { updatedAt: customer.updatedAt, digest };
}

/**
 * The total order of changes: by time, then by digest. Shopify's times have whole seconds, so two changes of one
 * second are common; the digest lets every order of deliveries end in the same one. Negative: a is before b.
 */
export function compareChanges(a: Change, b: Change): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt < b.updatedAt ? -1 : 1;
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  return 0;
}
