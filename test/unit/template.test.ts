import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ledgerTable } from '../../src/ledger/ledger-schema.ts';
import { toTemplate } from '../../src/tables/template.ts';
import { usersTable } from '../../src/users/users-schema.ts';

const root = new URL('../../', import.meta.url);
const template = toTemplate([usersTable, ledgerTable]);
const { ServerPolicy, OperatorPolicy, ...tables } = template.Resources;

test('the committed template is what the definitions say', () => {
  const committed = readFileSync(new URL('infra/cloudformation.json', root), 'utf8');
  const hint = 'run: npm run --silent tables -- cloudformation > infra/cloudformation.json';
  assert.equal(committed, `${JSON.stringify(template, null, 2)}\n`, hint);
});

test('both tables are on demand, recoverable, encrypted, expire items and outlive their stack', () => {
  assert.deepEqual(Object.keys(tables), ['UsersTable', 'RollcallTable']);
  const text = JSON.stringify(tables);
  for (const said of [
    '"BillingMode":"PAY_PER_REQUEST"',
    '"PointInTimeRecoveryEnabled":true',
    '"DeletionProtectionEnabled":true',
    '"SSEEnabled":true',
    '"TimeToLiveSpecification":{"AttributeName":"expires_at","Enabled":true}',
    '"DeletionPolicy":"Retain","UpdateReplacePolicy":"Retain"',
  ])
    assert.equal(text.split(said).length - 1, 2, said);
});

test('every statement names tables and indexes one by one, nobody may delete a table or scan', () => {
  for (const { Properties } of [ServerPolicy, OperatorPolicy])
    for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
      for (const action of Action) assert.doesNotMatch(action, /\*|Scan|DeleteTable|PartiQL/);
      for (const resource of Resource) assert.doesNotMatch(JSON.stringify(resource), /\*/);
    }
});

test('the server may query each index and change no table', () => {
  const statements = ServerPolicy.Properties.PolicyDocument.Statement;
  const indexes = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('/index/'));
  assert.deepEqual(
    indexes.map(({ Action, Resource }) => [Action, Resource.length]),
    [
      [['dynamodb:Query'], 6],
      [['dynamodb:Query'], 1],
    ],
  );
  const actions = statements.flatMap(({ Action }) => Action);
  assert.equal(
    actions.some((action) => /CreateTable|UpdateT|UpdateContinuous/.test(action)),
    false,
  );
});

/** The names of the DynamoDB commands in the sources that the filter lets through. */
function commandsIn(isMeant: (path: string) => boolean): string[] {
  const paths = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });
  const sources = paths.filter((path) => path.endsWith('.ts') && isMeant(path));
  const found = sources.flatMap((path) => [
    ...readFileSync(new URL(`src/${path}`, root), 'utf8').matchAll(
      /new (\w+)Command\(|\b(queryPages|paginateQuery)\(/g,
    ),
  ]);
  const ofDocuments: Record<string, string> = {
    Get: 'GetItem',
    BatchGet: 'BatchGetItem',
    BatchWrite: 'BatchWriteItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
  };
  const names = found.map(([, name, query]) =>
    query === undefined ? (ofDocuments[name ?? ''] ?? name ?? '') : 'Query',
  );
  return [...new Set(names)].toSorted();
}

test('each policy allows what the code sends, and nothing else', () => {
  const both = ['DescribeTable', ...commandsIn((path) => path === 'rollcall.ts')];
  const withBoth = (names: string[]) => [...new Set([...both, ...names])].toSorted();
  const rescoping = commandsIn((path) => /^(users\/rescope|dynamodb\/conditional)/.test(path));
  const server = commandsIn(
    (path) => /^(users\/|dynamodb\/conditional)/.test(path) && path !== 'users/rescope.ts',
  );
  const ledger = commandsIn((path) => /^(ledger|shopify|sync|webhooks)\//.test(path));
  const hint = 'put it right in the schema of the table, then print the template again';
  assert.deepEqual(usersTable.serverActions, withBoth(server), hint);
  assert.deepEqual(ledgerTable.serverActions, withBoth(ledger), hint);
  assert.deepEqual(usersTable.operatorActions, rescoping, hint);

  const applying = commandsIn((path) => path.startsWith('tables/'));
  const ledgerStatements = OperatorPolicy.Properties.PolicyDocument.Statement.slice(-1);
  assert.deepEqual(
    ledgerStatements.flatMap(({ Action }) => Action),
    applying.map((name) => `dynamodb:${name}`),
  );
});
