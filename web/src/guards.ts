/** Whether a value has the form that a part of the page relies on. */
export type Guard<T> = (value: unknown) => value is T;
export type Guarded<G> = G extends Guard<infer T> ? T : never;

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isNumber = (value: unknown): value is number => typeof value === 'number';
export const isTruth = (value: unknown): value is boolean => typeof value === 'boolean';
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

type Shape = Readonly<Record<string, Guard<unknown>>>;

/** Fields beyond the shape are let through: the server may say more one day. */
export const isShape =
  <S extends Shape>(shape: S): Guard<{ readonly [Name in keyof S]: Guarded<S[Name]> }> =>
  (value): value is { readonly [Name in keyof S]: Guarded<S[Name]> } =>
    isRecord(value) && Object.entries(shape).every(([name, guard]) => guard(value[name]));
