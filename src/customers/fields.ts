import type { z } from 'zod';

/** The TypeScript type of each field type. A `state` is read in lower case. */
interface Values {
  readonly text: string;
  readonly state: string;
  readonly boolean: boolean;
}

interface ProfileField {
  readonly name: string;
  /** Its name in a webhook's payload. */
  readonly webhook: string;
  /** Its path in the Admin API: `a.b` is the field b of the object a. */
  readonly graphql: string;
  /** Its attribute in the users table. */
  readonly attribute: string;
  readonly type: keyof Values;
  /** Whether a tombstone drops it. */
  readonly personal: boolean;
  /** Whether it is part of the digest, which orders changes of the same second. */
  readonly digest: boolean;
}

/**
 * The fields of a customer's profile and their names. The webhook schema, the snapshot reader, the digest, the item, the
 * tombstone and the user type are derived from this table: to add a field, add a row here and a line in
 * shopify/admin/queries.ts. Add it at the end: the digest depends on the order.
 */
// prettier-ignore
export const profileFields = [
  { name: 'email', webhook: 'email', graphql: 'defaultEmailAddress.emailAddress', attribute: 'email', type: 'text', personal: true, digest: true },
  { name: 'firstName', webhook: 'first_name', graphql: 'firstName', attribute: 'first_name', type: 'text', personal: true, digest: true },
  { name: 'lastName', webhook: 'last_name', graphql: 'lastName', attribute: 'last_name', type: 'text', personal: true, digest: true },
  { name: 'state', webhook: 'state', graphql: 'state', attribute: 'shopify_state', type: 'state', personal: true, digest: true },
  { name: 'verifiedEmail', webhook: 'verified_email', graphql: 'verifiedEmail', attribute: 'verified_email', type: 'boolean', personal: true, digest: true },
] as const satisfies readonly ProfileField[];

type Field = (typeof profileFields)[number];
type Place = 'webhook' | 'graphql' | 'attribute';

/** The values of the fields. Null: the source says there is none. Absent: the source says nothing about it. */
export type Profile = { readonly [F in Field as F['name']]?: Values[F['type']] | null };

/** The profile by the attribute names of the users table. */
export type ProfileAttributes = { readonly [F in Field as F['attribute']]: Values[F['type']] | null };

type Schemas = Readonly<Record<keyof Values, z.ZodType>>;

/** The shape of a zod object: every field under its name in `place`, with the schema of its type. */
export function profileShape<P extends Place, S extends Schemas>(
  place: P,
  schemas: S,
): { [F in Field as F[P]]: S[F['type']] };
// TypeScript cannot infer computed names, so the signature above states them.
export function profileShape(place: Place, schemas: Schemas): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(profileFields.map((field) => [field[place], schemas[field.type]]));
}

type ValuesOf<P extends Place> = { readonly [F in Field as F[P]]?: Values[F['type']] | null | undefined };

/** Reads a profile from values under their names in `place`. */
export function toProfile<P extends Place>(place: P, values: ValuesOf<P>): Profile;
export function toProfile(place: Place, values: Readonly<Record<string, unknown>>): object {
  const profile: Record<string, unknown> = {};
  for (const field of profileFields) {
    const value = values[field[place]];
    if (value !== undefined) profile[field.name] = value;
  }
  return profile;
}
