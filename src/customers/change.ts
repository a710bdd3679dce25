import { hash } from 'node:crypto';
import type { Customer } from './customer.ts';
import { profileFields } from './fields.ts';

/** A change of a customer, as far as its place among all changes needs (precedence.ts). */
export interface Change {
  /** UTC ISO 8601 with milliseconds. */
  readonly updatedAt: string;
  /** 32 hex digits over the canonical profile. */
  readonly digest: string;
}

const DIGESTED = profileFields.filter(({ digest }) => digest).map(({ name }) => name);

/** The change that a customer message makes, or undefined if the message says nothing but an id. */
export function changeOf({ profile, updatedAt }: Customer): Change | undefined {
  if (updatedAt === undefined) return undefined;
  // The list picks the fields and their order. Absent, null and empty differ in JSON, and so in the digest.
  const canonical = JSON.stringify(profile, DIGESTED);
  return { updatedAt, digest: hash('sha256', canonical).slice(0, 32) };
}
