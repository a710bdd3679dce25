import type { Host } from './element.ts';

const SIZES = new Map([
  ['none', 0],
  ['small-500', 1],
  ['small-400', 2],
  ['small-300', 4],
  ['small-200', 6],
  ['small-100', 8],
  ['small', 12],
  ['base', 16],
  ['large', 20],
  ['large-100', 24],
  ['large-200', 28],
  ['large-300', 32],
  ['large-400', 40],
  ['large-500', 64],
]);

const toLength = (words: string) =>
  words
    .split(' ')
    .map((word) => `${SIZES.get(word) ?? 0}px`)
    .join(' ');

const PROPERTIES = [
  ['padding', 'padding', toLength],
  ['paddingblock', 'padding-block', toLength],
  ['paddingblockstart', 'padding-block-start', toLength],
  ['paddingblockend', 'padding-block-end', toLength],
  ['paddinginline', 'padding-inline', toLength],
  ['gap', 'gap', toLength],
  ['minblocksize', 'min-block-size', (value: string) => value],
  ['inlinesize', 'inline-size', (value: string) => value],
  ['maxinlinesize', 'max-inline-size', (value: string) => value],
  ['alignitems', 'align-items', (value: string) => value],
  ['justifycontent', 'justify-content', (value: string) => value],
  ['gridtemplatecolumns', 'grid-template-columns', (value: string) => value],
] as const;

/** The CSS of the box attributes that the page uses. */
export function boxStyle({ text }: Host): string {
  return PROPERTIES.map(([attribute, property, toCss]) => {
    const value = text(attribute);
    return value === undefined ? '' : `${property}:${toCss(value)};`;
  }).join('');
}
