import {
  getOperationAST,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
  type SelectionSetNode,
} from 'graphql';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { profileFields } from '../../src/customers/fields.ts';
import * as queries from '../../src/shopify/admin/queries.ts';
import { SCHEMAS } from '../../simulator/graphql/api.ts';
import { toAdminTypes, TYPES_FILE } from '../support/admin-types.ts';

for (const [version, schema] of SCHEMAS)
  for (const { name, text } of Object.values(queries))
    test(`${name} is valid against ${version}, without a deprecated field`, () => {
      const document = parse(text);
      assert.deepEqual(validate(schema, document, [...specifiedRules, NoDeprecatedCustomRule]), []);
      assert.equal(getOperationAST(document)?.name?.value, name);
    });

/** The paths of the fields that are asked for, `a.b` for the field b of the object a. */
function pathsIn({ selections }: SelectionSetNode): string[] {
  return selections
    .filter((selection) => selection.kind === Kind.FIELD)
    .flatMap(({ name: { value: name }, selectionSet }) =>
      selectionSet === undefined ? [name] : pathsIn(selectionSet).map((path) => `${name}.${path}`),
    );
}

test('a snapshot is asked for every field of the profile', () => {
  const fragment = parse(queries.customerSnapshots.text).definitions.find(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === 'CustomerSnapshot',
  );
  assert.ok(fragment?.kind === Kind.FRAGMENT_DEFINITION);
  const asked = pathsIn(fragment.selectionSet);
  for (const { graphql } of profileFields) assert.ok(asked.includes(graphql), graphql);
});

test('the types of the documents are up to date (npm run codegen)', async () => {
  assert.equal(readFileSync(TYPES_FILE, 'utf8'), await toAdminTypes());
});
