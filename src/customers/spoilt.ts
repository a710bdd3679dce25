/**
 * Why Shopify left a part of an answer out. `withheld`: the app may not see it, so what it is stays unknown. `not_found`:
 * it is not there. `failed`: Shopify could not tell this time.
 */
export type SpoiltKind = 'withheld' | 'not_found' | 'failed';

type Path = readonly (string | number)[];

/** A part of an answer that is not what it would be. */
export interface Spoilt {
  /** From the top of what it is about. Empty: the whole, as far as it is null. */
  readonly path: Path;
  readonly kind: SpoiltKind;
}

const isWithin = (path: Path, outer: Path) => outer.every((step, n) => step === path[n]);

/** What of an answer's part is spoilt, with paths from there: places in it, or around it. */
export function spoiltAt(spoilt: readonly Spoilt[], path: Path): readonly Spoilt[] {
  return spoilt.flatMap((one) => {
    if (isWithin(one.path, path)) return [{ ...one, path: one.path.slice(path.length) }];
    return isWithin(path, one.path) ? [{ ...one, path: [] }] : [];
  });
}

/** Whether a part that is null was left out, so that its absence says nothing. */
export const isLeftOut = (spoilt: readonly Spoilt[]): boolean =>
  spoilt.some(({ kind }) => kind !== 'not_found');

/** A node of an answer together with what of it is spoilt, as readSnapshot takes it. */
export function withSpoilt(node: unknown, spoilt: readonly Spoilt[]): unknown {
  if (spoilt.length === 0) return node;
  return typeof node === 'object' ? { ...node, spoilt } : { spoilt };
}
