/** A type guard of a value from the server. */
export type Guard<T> = (value: unknown) => value is T;
export type Guarded<G> = G extends Guard<infer T> ? T : never;

export const isString: Guard<string> = (value) => typeof value === 'string';
export const isNumber: Guard<number> = (value) => typeof value === 'number';
export const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean';
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const orNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || guard(value);

export const listOf =
  <T>(guard: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(guard);

export const recordOf =
  <T>(guard: Guard<T>): Guard<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    isRecord(value) && Object.values(value).every(guard);

export const oneOf =
  <const T extends string>(...values: readonly T[]): Guard<T> =>
  (value): value is T =>
    values.some((known) => known === value);

type Simple = string | number | boolean | null | undefined;

/** The type that a guard must have if it does not fit, to make the compiler's message readable. */
interface Misfit<Sent> {
  readonly has_to_take: Sent;
}

/** A guard of a field that accepts everything the server sends, and expects no text, number or null that it never sends. */
type Fitting<G, Sent> = [Sent, Extract<Guarded<G>, Simple>] extends [Guarded<G>, Sent] ? G : Misfit<Sent>;

/** Guards by field of an answer. */
type Fields<Shape, Answer> = {
  readonly [Name in keyof Shape]: Name extends keyof Answer ? Fitting<Shape[Name], Answer[Name]> : never;
};

/**
 * The guard of an answer, from guards of the fields that the page uses. Compiles only if the answer has each field and each
 * guard fits; the page's type has no other field. Additional fields are accepted, so that the server may add some.
 */
export const guardOf =
  <Answer>() =>
  <Shape extends Readonly<Record<string, Guard<unknown>>> & Fields<Shape, Answer>>(
    shape: Shape,
  ): Guard<{ readonly [Name in keyof Shape]: Guarded<Shape[Name]> }> =>
  (value): value is { readonly [Name in keyof Shape]: Guarded<Shape[Name]> } =>
    isRecord(value) && Object.entries(shape).every(([name, guard]) => guard(value[name]));
