import { getOperationAST, NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
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

test('the types of the documents are up to date (npm run codegen)', async () => {
  assert.equal(readFileSync(TYPES_FILE, 'utf8'), await toAdminTypes());
});
