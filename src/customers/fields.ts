import type { z } from 'zod';

/** What the values of a field's type are. The text of a state is read in lower case. */
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
  /** A tombstone keeps nothing personal. */
  readonly personal: boolean;
  /** Whether it tells two changes of one second apart. */
  readonly digest: boolean;
}

/**
 * The fields of a customer's profile and what they are called. Webhooks, snapshots, the digest, the item, the tombstone
 * and the user follow from this table, so one more field is one more row and its line in shopify/admin/queries.ts. The
 * digest is made in this order: a new row is the last one.
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

/** A field's value; null: the source says there is none; absent: the source says nothing of it. */
export type Profile = { readonly [F in Field as F['name']]?: Values[F['type']] | null };

/** The profile as a user of the users table has it. */
export type ProfileAttributes = { readonly [F in Field as F['attribute']]: Values[F['type']] | null };

type Schemas = Readonly<Record<keyof Values, z.ZodType>>;

/** The shape of a zod object with all fields as a place calls them, each with the schema of its type. */
export function profileShape<P extends Place, S extends Schemas>(
  place: P,
  schemas: S,
): { [F in Field as F[P]]: S[F['type']] };
// TypeScript does not follow computed names, so the signature above says which ones come out.
export function profileShape(place: Place, schemas: Schemas): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(profileFields.map((field) => [field[place], schemas[field.type]]));
}

type ValuesOf<P extends Place> = { readonly [F in Field as F[P]]?: Values[F['type']] | null | undefined };

/** The profile in values that a place names in its own way. */
export function toProfile<P extends Place>(place: P, values: ValuesOf<P>): Profile;
export function toProfile(place: Place, values: Readonly<Record<string, unknown>>): object {
  const profile: Record<string, unknown> = {};
  for (const field of profileFields) {
    const value = values[field[place]];
    if (value !== undefined) profile[field.name] = value;
  }
  return profile;
}
