import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ledgerTable } from '../../src/ledger/schema.ts';
import { applyTables } from '../../src/tables/apply.ts';
import { checkTable, createMissingTable } from '../../src/tables/ensure.ts';
import { describeTable } from '../../src/tables/standing.ts';
import { usersTable } from '../../src/users/schema.ts';
import { countCalls } from '../support/counting-client.ts';
import { addsIndexes, startEngine, type Engine } from '../support/engine.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { API_KEY, KEY, SECRET } from '../support/rollcall.ts';
import { createOriginalTable } from '../support/tables.ts';

const DEFINITIONS = [usersTable, ledgerTable];
const onlyWhereAdded = { skip: !addsIndexes && 'dynalite cannot add an index to a table that stands' };
const onlyWhereNot = { skip: addsIndexes && 'this engine can add an index to a table that stands' };

let engine: Engine;
let documents: DynamoDBDocumentClient;
before(async () => {
  engine = await startEngine();
  documents = DynamoDBDocumentClient.from(engine.client);
});
after(() => engine.close());

const aPrefix = () => `t${randomUUID().slice(0, 8)}_`;

async function apply(prefix: string, maxIndexWait = 10_000): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await applyTables({ client: engine.client, prefix, print, maxIndexWait }, DEFINITIONS);
  return lines;
}

/** Runs `npm run tables --` with these words; the app's secret is not set. */
async function tables(words: string, prefix: string, env: Record<string, string> = {}) {
  const running = startProcess('src/cli.ts', {
    cwd: aDirectory(),
    args: ['tables', ...words.split(' ')],
    env: { DYNAMODB_ENDPOINT: engine.url, TABLE_PREFIX: prefix, ...env },
  });
  return { code: await running.exited, output: running.output() };
}

async function standing(prefix: string): Promise<TableDescription | undefined> {
  const { Table } = await engine.client.send(new DescribeTableCommand({ TableName: `${prefix}users` }));
  return Table;
}

async function idsUnder(prefix: string, index: string, attribute: string, value: string) {
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: `${prefix}users`,
      IndexName: index,
      KeyConditionExpression: `${attribute} = :value`,
      ExpressionAttributeValues: { ':value': value },
    }),
  );
  return Items?.map(({ user_id }) => String(user_id)).toSorted();
}

test('plan names the missing tables, apply creates them, and then both stand as defined', async () => {
  const prefix = aPrefix();
  const planned = await tables('plan', prefix);
  assert.equal(planned.code, 0, planned.output);
  assert.match(planned.output, new RegExp(`Table ${prefix}users\\n {2}create it`));
  assert.equal(await describeTable({ client: engine.client, prefix }, usersTable), undefined, 'only planned');

  const applied = await tables('apply', prefix);
  assert.equal(applied.code, 0, applied.output);
  for (const definition of DEFINITIONS) await checkTable({ client: engine.client, prefix }, definition);
  const again = await tables('plan', prefix);
  assert.equal(again.code, 0);
  assert.doesNotMatch(again.output, /create|add index/);
  if (addsIndexes) assert.equal(again.output.match(/nothing to do/g)?.length, 2);
});

test('apply changes nothing in tables that stand as defined', async () => {
  const prefix = aPrefix();
  await apply(prefix);
  const calls = countCalls(engine.client);
  await apply(prefix);
  // dynalite has no time to live, so that it is asked for it again.
  const changes = calls.filter(({ command }) => !/^Describe|^UpdateTimeToLive/.test(command));
  assert.deepEqual(changes, []);
});

for (const billing of ['PROVISIONED', 'PAY_PER_REQUEST'] as const)
  test(
    `a table of the original definition, ${billing}, is taken over in place with its rows`,
    onlyWhereAdded,
    async () => {
      const prefix = aPrefix();
      await createOriginalTable(engine.client, prefix, billing);
      const created_at = '2020-01-01T00:00:00.000Z';
      const rows = [
        { user_id: 'a', shop: 's', is_admin: 'true', created_at, points: 7 },
        { user_id: 'b', shop: 's', is_active: 'true', membership_id: 'gold', created_at },
        { user_id: 'c', is_active: 'true', is_featured_author: 'true', created_at },
        { user_id: 'no created_at', shop: 's', is_active: 'true' },
        { user_id: 'a flag of another type', is_active: true, created_at },
      ];
      const TableName = `${prefix}users`;
      for (const Item of rows) await documents.send(new PutCommand({ TableName, Item }));

      const lines = await apply(prefix);
      assert.equal(lines.filter((line) => line.includes('is built')).length, 3, lines.join('\n'));
      await checkTable({ client: engine.client, prefix }, usersTable);
      assert.deepEqual(await idsUnder(prefix, 'shop-created_at-index', 'shop', 's'), ['a', 'b']);
      assert.deepEqual(await idsUnder(prefix, 'active-created_at-index', 'is_active', 'true'), ['b', 'c']);
      assert.deepEqual(await idsUnder(prefix, 'membership-created_at-index', 'membership_id', 'gold'), ['b']);
      assert.deepEqual(await idsUnder(prefix, 'admin-created_at-index', 'is_admin', 'true'), ['a']);
      for (const row of rows) {
        const { Item } = await documents.send(
          new GetCommand({ TableName, Key: { user_id: row.user_id }, ConsistentRead: true }),
        );
        assert.deepEqual(Item, row);
      }
      const stands = await standing(prefix);
      assert.equal(stands?.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST', billing !== 'PROVISIONED');
    },
  );

/**
 * Lets each new index take its time, as on DynamoDB: the next answers of DescribeTable say that it is being built.
 * @returns what was sent and answered, in order
 */
function buildSlowly(client: DynamoDBClient, answers: number): string[] {
  const events: string[] = [];
  let left = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const adds = JSON.stringify(args.input).match(/"Create":/g);
        if (commandName === 'UpdateTableCommand' && adds !== null) {
          events.push(`add ${adds.length}`);
          left = answers;
        }
        const answer = await next(args);
        if (!('Table' in answer.output)) return answer;
        const index = answer.output.Table?.GlobalSecondaryIndexes?.at(-1);
        if (index !== undefined && left > 0) index.IndexStatus = 'CREATING';
        events.push(index?.IndexStatus ?? 'no index');
        left -= 1;
        return answer;
      },
    { step: 'initialize', name: 'buildSlowly' },
  );
  return events;
}

test(
  'missing indexes are added one per call, each after the one before is built',
  onlyWhereAdded,
  async () => {
    const prefix = aPrefix();
    await createOriginalTable(engine.client, prefix);
    const events = buildSlowly(engine.client, 2);
    await apply(prefix);
    engine.client.middlewareStack.remove('buildSlowly');
    const story = events.filter((event, n) => event !== events[n - 1] && event !== 'no index');
    const each = ['add 1', 'CREATING', 'ACTIVE'];
    assert.deepEqual(story.slice(1), [...each, ...each, ...each]);
  },
);

test('an index that is not built in time is named, and applying again goes on', onlyWhereAdded, async () => {
  const prefix = aPrefix();
  await createOriginalTable(engine.client, prefix);
  buildSlowly(engine.client, 1000);
  const late = apply(prefix, 50);
  await assert.rejects(late, {
    code: 'table_unfinished',
    message: /shop-created_at-index is still being built/,
  });
  await assert.rejects(checkTable({ client: engine.client, prefix }, usersTable), {
    code: 'table_differs',
    message: /index shop-created_at-index is still being built/,
  });
  engine.client.middlewareStack.remove('buildSlowly');
  await apply(prefix);
  await checkTable({ client: engine.client, prefix }, usersTable);
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
    assert.match(output, /Usage: npm run tables/, words);
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
