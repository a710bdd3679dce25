import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ledgerTable } from '../../src/ledger/ledger-schema.ts';
import { checkTable, createMissingTable } from '../../src/tables/ensure-table.ts';
import { describeTable } from '../../src/tables/table-state.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { addsIndexes, startEngine, type Engine } from '../support/engine.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { API_KEY, KEY, SECRET } from '../support/rollcall.ts';
import { aPrefix, createOriginalTable } from '../support/tables.ts';

const onlyWhereNot = { skip: addsIndexes && 'this engine can add an index to a table that stands' };

let engine: Engine;
before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

/** Runs `rollcall tables` with these words; the app's secret is not set. */
async function tables(words: string, prefix: string, env: Record<string, string> = {}) {
  const running = startProcess('src/cli/rollcall.js', {
    cwd: aDirectory(),
    args: ['tables', ...words.split(' ')],
    env: { DYNAMODB_ENDPOINT: engine.url, TABLE_PREFIX: prefix, ...env },
  });
  return { code: await running.exited, output: running.output(), stdout: running.stdout() };
}

test('plan names the missing tables, apply creates them, and then both stand as defined', async () => {
  const prefix = aPrefix();
  const planned = await tables('plan', prefix);
  assert.equal(planned.code, 0, planned.output);
  assert.match(planned.output, new RegExp(`Table ${prefix}users\\n {2}create it`));
  assert.equal(await describeTable({ client: engine.client, prefix }, usersTable), undefined, 'only planned');

  const applied = await tables('apply', prefix);
  assert.equal(applied.code, 0, applied.output);
  for (const definition of [usersTable, ledgerTable])
    await checkTable({ client: engine.client, prefix }, definition);
  const again = await tables('plan', prefix);
  assert.equal(again.code, 0);
  assert.doesNotMatch(again.output, /create|add index/);
  if (addsIndexes) assert.equal(again.output.match(/nothing to do/g)?.length, 2);
});

for (const billing of ['PROVISIONED', 'PAY_PER_REQUEST'] as const)
  test(`where the engine cannot add an index, ${billing}, apply says so`, onlyWhereNot, async () => {
    const prefix = aPrefix();
    await createOriginalTable(engine.client, prefix, billing);
    const { code, output } = await tables('apply', prefix);
    assert.equal(code, 1);
    assert.match(output, /Index shop-created_at-index was not added to table \w+_users: /);
    assert.match(output, /dynalite, cannot add an index to a table that stands/);
    assert.doesNotMatch(output, /\n\s+at /);
  });

test('a table with another key is refused before anything is changed', async () => {
  const prefix = aPrefix();
  const other = { ...ledgerTable, name: 'users' };
  await createMissingTable({ client: engine.client, prefix }, other);
  const { code, output } = await tables('apply', prefix);
  assert.equal(code, 1);
  assert.match(output, /Nothing was changed\.\nTable \w+_users: its key is pk HASH, sk RANGE and must be/);
  assert.equal(await describeTable({ client: engine.client, prefix }, ledgerTable), undefined);
  const planned = await tables('plan', prefix);
  assert.equal(planned.code, 1);
  assert.match(planned.output, /refused: its key is pk HASH/);
});

test('plan --json says the same to a script', async () => {
  const prefix = aPrefix();
  const planned = await tables('plan --json', prefix);
  assert.equal(planned.code, 0, planned.output);
  const { tables: plans } = JSON.parse(planned.stdout);
  assert.deepEqual(
    plans.map(
      ({ table, refusals, steps }: { table: string; refusals: string[]; steps: { kind: string }[] }) => [
        table,
        refusals,
        steps.map(({ kind }) => kind),
      ],
    ),
    [
      [`${prefix}users`, [], ['create']],
      [`${prefix}rollcall`, [], ['create']],
    ],
  );
});

test('the start names the command that says what to do', async () => {
  const prefix = aPrefix();
  await createOriginalTable(engine.client, prefix);
  const env = {
    DYNAMODB_ENDPOINT: engine.url,
    TABLE_PREFIX: prefix,
    SHOPIFY_APP_URL: 'https://rollcall.example.com',
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: SECRET,
    TOKEN_ENCRYPTION_KEY: KEY,
    PORT: '0',
  };
  const started = startProcess('src/main.ts', { cwd: aDirectory(), env });
  assert.equal(await started.exited, 1);
  assert.match(started.output(), /index shop-created_at-index is missing; .*`npm run tables -- plan`/);
});

test('the embedded engine is started for the command and ended with it', async () => {
  const { code, output } = await tables('apply', '', { DYNAMODB_ENDPOINT: 'embedded' });
  assert.equal(code, 0, output);
  assert.match(output, /rollcall: stands as defined/);
});

test('the embedded engine starts below `node --watch` too, where Node sends messages of its own', async () => {
  const env = { DYNAMODB_ENDPOINT: 'embedded', WATCH_REPORT_DEPENDENCIES: '1' };
  const { code, output } = await tables('plan', '', env);
  assert.equal(code, 0, output);
});

test('cloudformation needs no settings and prints JSON', async () => {
  const { code, output } = await tables('cloudformation', '', { DYNAMODB_ENDPOINT: '' });
  assert.equal(code, 0);
  assert.deepEqual(Object.keys(JSON.parse(output)).slice(0, 1), ['AWSTemplateFormatVersion']);
});

test('what no command understands is answered with the usage and 2', async () => {
  for (const words of [
    'remove',
    'plan now',
    'plan --shop a.myshopify.com',
    'apply --force',
    'rescope --to many',
    'rescope --shop a.myshopify.com --to none',
  ]) {
    const { code, output } = await tables(words, '');
    assert.equal(code, 2, words);
    assert.match(output, /Usage: rollcall tables/, words);
  }
});

test('settings that are missing, and an engine that does not answer, are a sentence and 1', async () => {
  const missing = await tables('plan', '', { DYNAMODB_ENDPOINT: '' });
  assert.equal(missing.code, 1);
  assert.match(missing.output, /AWS_REGION is missing/);
  assert.doesNotMatch(missing.output, /SHOPIFY_API_SECRET/);
  const nobody = await tables('plan', '', { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' });
  assert.equal(nobody.code, 1);
  assert.match(nobody.output, /ECONNREFUSED/);
  assert.doesNotMatch(nobody.output, /\n\s+at /);
});
