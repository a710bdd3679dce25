import { hash } from 'node:crypto';
import type { Customer } from './customer.ts';
import { profileFields } from './fields.ts';

/** Where a change stands in the order of all changes of one customer. */
export interface Change {
  /** UTC ISO 8601 with milliseconds. */
  readonly updatedAt: string;
  /** 32 hex digits over the canonical profile. */
  readonly digest: string;
}

const DIGESTED = profileFields.filter(({ digest }) => digest).map(({ name }) => name);

/** The change that a customer message makes, or undefined if the message says nothing but an id. */
export function changeOf(customer: Customer): Change | undefined {
  if (customer.updatedAt === undefined) return undefined;
  // The list picks the fields and their order. Absent, null and empty differ in JSON, and so in the digest.
  const canonical = JSON.stringify(customer.profile, DIGESTED);
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
