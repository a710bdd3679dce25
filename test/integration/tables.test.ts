import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ledgerTable } from '../../src/ledger/ledger-schema.ts';
import { applyTables } from '../../src/tables/apply-tables.ts';
import { checkTable } from '../../src/tables/ensure-table.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { countCalls } from '../support/counting-client.ts';
import { addsIndexes, startEngine, type Engine } from '../support/engine.ts';
import { aPrefix, createOriginalTable } from '../support/tables.ts';

const onlyWhereAdded = { skip: !addsIndexes && 'dynalite cannot add an index to a table that stands' };

let engine: Engine;
let documents: DynamoDBDocumentClient;
before(async () => {
  engine = await startEngine();
  documents = DynamoDBDocumentClient.from(engine.client);
});
after(() => engine.close());

async function apply(prefix: string, maxIndexWait = 10_000): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await applyTables({ client: engine.client, prefix, print, maxIndexWait }, [usersTable, ledgerTable]);
  return lines;
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
