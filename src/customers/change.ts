import { hash } from 'node:crypto';
import type { Customer } from './customer.ts';
import { profileFields } from './fields.ts';

/** A change of a customer: what precedence.ts orders changes by. */
export interface Change {
  /** UTC ISO 8601 with milliseconds, which are 000. */
  readonly updatedAt: string;
  /** 32 hex digits of SHA-256 over the canonical profile. */
  readonly digest: string;
}

const DIGESTED = profileFields.filter(({ digest }) => digest).map(({ name }) => name);

/** The change that a message makes; undefined if the message has only an id. */
export function changeOf({ profile, updatedAt }: Customer): Change | undefined {
  if (updatedAt === undefined) return undefined;
  // DIGESTED fixes the fields and their order. Absent, null and empty give different JSON, so different digests.
  const canonical = JSON.stringify(profile, DIGESTED);
  return { updatedAt, digest: hash('sha256', canonical).slice(0, 32) };
}
