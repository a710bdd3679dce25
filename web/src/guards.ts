/** Whether a value has the form that a part of the page relies on. */
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

/** What a guard is told to be if it is not a fitting one. */
interface Misfit<Sent> {
  readonly has_to_take: Sent;
}

/** A guard of a field, if it lets through all that is sent, and expects no text, number or null that never is. */
type Fitting<G, Sent> = [Sent, Extract<Guarded<G>, Simple>] extends [Guarded<G>, Sent] ? G : Misfit<Sent>;

/** Guards of fields that an answer has. */
type Fields<Shape, Answer> = {
  readonly [Name in keyof Shape]: Name extends keyof Answer ? Fitting<Shape[Name], Answer[Name]> : never;
};

/**
 * Makes the guard of an answer from guards of the fields that the page uses. It does not compile unless the answer has
 * each of them and each guard fits it; and the page sees no field but these. Fields beyond them are let through: the
 * server may say more one day.
 */
export const guardOf =
  <Answer>() =>
  <Shape extends Readonly<Record<string, Guard<unknown>>> & Fields<Shape, Answer>>(
    shape: Shape,
  ): Guard<{ readonly [Name in keyof Shape]: Guarded<Shape[Name]> }> =>
  (value): value is { readonly [Name in keyof Shape]: Guarded<Shape[Name]> } =>
    isRecord(value) && Object.entries(shape).every(([name, guard]) => guard(value[name]));
