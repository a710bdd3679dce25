import { plugin } from '@graphql-codegen/typescript-operations';
import { Kind, parse } from 'graphql';
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import * as queries from '../../src/shopify/admin/queries.ts';
import { SCHEMAS } from '../../simulator/graphql/api.ts';

// Writes the types of the Admin API's documents: npm run codegen

export const TYPES_FILE = new URL('../../src/shopify/admin/admin-types.generated.ts', import.meta.url);

const HEADER =
  '// Generated from queries.ts and Shopify’s schema 2026-10 by `npm run codegen`. Do not edit.\n\n';
const CONFIG = {
  strictScalars: true,
  scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown', UnsignedInt64: 'string', URL: 'string' },
  immutableTypes: true,
  arrayInputCoercion: false,
  skipTypename: true,
};

/** The TypeScript types of the data and variables of every document. */
export async function toAdminTypes(): Promise<string> {
  const schema = SCHEMAS.get('2026-10');
  if (schema === undefined) throw new Error('The schema 2026-10 is missing');
  // One combined document, in which shared fragments are defined once.
  const definitions = Object.values(queries).flatMap(({ text }) => parse(text).definitions);
  const byName = new Map(definitions.map((one) => ['name' in one ? one.name?.value : undefined, one]));
  const document = { kind: Kind.DOCUMENT, definitions: [...byName.values()] } as const;
  const source = { location: 'queries.ts', document };
  const output = await plugin(schema, [source], CONFIG, { outputFile: '' });
  if (typeof output === 'string') throw new Error('The plugin has changed its output');
  const { prepend = [], content } = output;
  // The plugin emits its helper type for @defer even if no document uses it.
  const helpers = prepend.filter((helper) => !helper.includes('Incremental'));
  return format(`${HEADER}${helpers.join('\n')}\n\n${content}`, {
    ...(await resolveConfig(TYPES_FILE)),
    parser: 'typescript',
  });
}

if (import.meta.main) writeFileSync(TYPES_FILE, await toAdminTypes());
