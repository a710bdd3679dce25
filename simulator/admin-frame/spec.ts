import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { AttributeSpec, Spec } from './browser/spec.ts';

const Manifest = z.object({
  modules: z.array(
    z.object({
      declarations: z.array(
        z.object({
          tagName: z.string(),
          attributes: z
            .array(
              z.object({
                name: z.string(),
                fieldName: z.string(),
                type: z.object({ text: z.string() }).optional(),
              }),
            )
            .default([]),
          slots: z.array(z.object({ name: z.string() })).default([]),
        }),
      ),
    }),
  ),
});

// Global attributes: the manifest lists them for some elements only.
const NATIVE = new Set(['children', 'id']);

const SIZES = ['100', '200', '300', '400', '500'].flatMap((n) => [`small-${n}`, `large-${n}`]);
const KEYWORDS = ['none', 'small', 'base', 'large', ...SIZES];

/** The allowed values of an attribute, from its TypeScript type. */
function toAttributeSpec(field: string, type: string): AttributeSpec {
  if (type === 'boolean') return { field, kind: 'boolean' };
  if (type === 'number') return { field, kind: 'number' };
  if (type === '() => void') return { field, kind: 'method' };
  // The manifest lacks the template types `${number}px` and `${number}%` of sizes.
  if (/(block|inline)size$/i.test(field) && type.includes('"0"')) return { field, kind: 'size' };
  if (/(Spacing|Padding)Keyword/.test(type)) return { field, kind: 'words', values: KEYWORDS };
  const values = type.split(' | ').map((part) => /^"([^"]*)"$/.exec(part)?.[1]);
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? { field, kind: 'enum', values: known } : { field, kind: 'text' };
}

/** The attributes and slots of Polaris' elements, from the custom elements manifest in Shopify's types. */
export async function loadSpec(): Promise<Spec> {
  const file = createRequire(import.meta.url).resolve('@shopify/polaris-types/custom-elements');
  const manifest = Manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  const elements = manifest.modules.flatMap(({ declarations }) => declarations);
  return Object.fromEntries(
    elements.map(({ tagName, attributes, slots }) => [
      tagName,
      {
        attributes: Object.fromEntries(
          attributes
            .filter(({ name }) => !NATIVE.has(name))
            // Fields list `value` twice, for `value` and `defaultValue`: pages set the first.
            .toReversed()
            .map(({ name, fieldName, type }) => [name, toAttributeSpec(fieldName, type?.text ?? '')]),
        ),
        // Containers without a declared slot accept children too.
        slots: slots.length === 0 ? [''] : slots.map(({ name }) => name),
      },
    ]),
  );
}
