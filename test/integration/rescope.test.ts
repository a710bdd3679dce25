import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createMissingTable } from '../../src/tables/ensure.ts';
import { toUser, type User } from '../../src/users/item.ts';
import { rescope, type RescopeCounts, type RescopeOrder } from '../../src/users/rescope.ts';
import { usersTable } from '../../src/users/schema.ts';
import { countCalls } from '../support/counting-client.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP } from '../support/rollcall.ts';

type Item = Record<string, unknown> & { readonly user_id: string };

let engine: Engine;
let documents: DynamoDBDocumentClient;
before(async () => {
  engine = await startEngine();
  documents = DynamoDBDocumentClient.from(engine.client);
});
after(() => engine.close());

const created_at = '2020-01-01T00:00:00.000Z';

/** A users table of the test's own, with these rows. */
async function aTable(rows: readonly Item[]) {
  const prefix = `r${randomUUID().slice(0, 8)}_`;
  const table = `${prefix}users`;
  await createMissingTable({ client: engine.client, prefix }, usersTable);
  const put = (row: Item) => documents.send(new PutCommand({ TableName: table, Item: row }));
  for (const row of rows) await put(row);

  async function item(userId: string): Promise<Record<string, unknown>> {
    const command = new GetCommand({ TableName: table, Key: { user_id: userId }, ConsistentRead: true });
    return (await documents.send(command)).Item ?? {};
  }
  return {
    prefix,
    put,
    item,
    items: () => Promise.all(rows.map(({ user_id }) => item(user_id))),
    run: (to: 'many' | 'one', rest: Partial<RescopeOrder> = {}): Promise<RescopeCounts> => {
      const order = { shop: SHOP, to, dryRun: false, memberships: [], ...rest };
      return rescope({ client: documents, table, print: () => undefined }, order);
    },
    countUnder: async (attribute: string, value: string): Promise<number | undefined> => {
      const IndexName = usersTable.indexes.find(({ hash }) => hash === attribute)?.name;
      const values = { ':value': value };
      const KeyConditionExpression = `${attribute} = :value`;
      const query = {
        TableName: table,
        IndexName,
        KeyConditionExpression,
        ExpressionAttributeValues: values,
      };
      return (await documents.send(new QueryCommand(query))).Count;
    },
  };
}

const people: readonly Item[] = [
  { user_id: 'all', shop: SHOP, created_at, is_active: 'true', is_admin: 'true', is_featured_author: 'true' },
  { user_id: 'member', shop: SHOP, created_at, is_active: 'true', membership_id: 'gold', points: 7 },
  { user_id: 'false', shop: SHOP, created_at, is_active: 'false', is_admin: 'false', revision: 4 },
  { user_id: 'plain', shop: SHOP, created_at },
  { user_id: 'old admin', created_at, is_admin: 'true', is_active: 'false' },
  { user_id: 'old author', created_at, is_featured_author: 'true', membership_id: 'silver' },
  { user_id: 'old nobody', created_at, is_admin: 'false', is_featured_author: 'false' },
  { user_id: 'old member', created_at, membership_id: 'gold' },
];

/** Everybody as readers of that kind of deployment see them; how often a row was written is left out. */
function seen(items: readonly Record<string, unknown>[], oneShop: boolean): (Partial<User> | undefined)[] {
  return items.map((item) => {
    const user = toUser({ shop: SHOP, oneShop }, item);
    return user === undefined ? undefined : { ...user, revision: 0 };
  });
}

test('from one shop to many, everybody stays who they were', async () => {
  const { items, run, countUnder } = await aTable(people);
  const users = seen(await items(), true);
  assert.deepEqual(await run('many'), { read: 8, rewritten: 7, unchanged: 1 });
  const standing = await items();
  assert.deepEqual(seen(standing, false), users);
  assert.deepEqual(new Set(standing.map(({ shop }) => shop)), new Set([SHOP]));
  for (const flag of ['is_active', 'is_admin', 'is_featured_author'])
    for (const value of ['true', 'false', `${SHOP}#false`]) assert.equal(await countUnder(flag, value), 0);
  assert.equal(await countUnder('is_admin', `${SHOP}#true`), 2);
  assert.equal(await countUnder('membership_id', `${SHOP}#gold`), 2);
});

test('from many to one and back, everybody stays who they were', async () => {
  const { items, run } = await aTable(people);
  await run('many');
  const many = await items();
  const users = seen(many, false);
  assert.deepEqual(await run('one'), { read: 8, rewritten: 5, unchanged: 3 });
  const one = await items();
  assert.deepEqual(seen(one, true), users);
  assert.equal(JSON.stringify(one).includes('#'), false);
  await run('many');
  const back = (await items()).map((item) => ({ ...item, revision: 0 }));
  assert.deepEqual(
    back,
    many.map((item) => ({ ...item, revision: 0 })),
  );
});

test('what other programs keep on a row stays, and revision is increased', async () => {
  const { run, item } = await aTable(people);
  await run('many');
  const is_active = `${SHOP}#true`;
  assert.deepEqual(await item('member'), {
    ...people[1],
    is_active,
    membership_id: `${SHOP}#gold`,
    revision: 1,
  });
  assert.equal((await item('false'))['revision'], 5);
  assert.equal('revision' in (await item('plain')), false);
});

test('a second run changes nothing', async () => {
  const { run, items } = await aTable(people);
  await run('many');
  const standing = await items();
  assert.deepEqual(await run('many'), { read: 8, rewritten: 0, unchanged: 8 });
  assert.deepEqual(await items(), standing);
});

test('a dry run counts and writes nothing', async () => {
  const { run, items } = await aTable(people);
  assert.deepEqual(await run('many', { dryRun: true }), { read: 8, rewritten: 7, unchanged: 1 });
  assert.deepEqual(await items(), people);
});

test("another shop's rows, tombstones and values that nobody understands stay as they are", async () => {
  const other = 'other.myshopify.com';
  const rows: Item[] = [
    { user_id: '1', shop: other, created_at, is_active: `${other}#true` },
    { user_id: '2', shop: other, created_at, is_admin: 'true' },
    { user_id: '3', created_at, is_admin: 'true', membership_id: `${other}#gold` },
    { user_id: '4', created_at, is_admin: 'true', deleted_at: created_at },
    { user_id: '5', shop: SHOP, created_at, is_admin: 'True', is_featured_author: 'yes' },
    { user_id: '6', created_at, name: 'in no index' },
  ];
  const { run, items } = await aTable(rows);
  assert.equal((await run('many')).rewritten, 0);
  assert.equal((await run('one')).rewritten, 0);
  assert.deepEqual(await items(), rows);
});

test('a row that is known by its membership alone is found if the membership is named', async () => {
  const { run, item } = await aTable([{ user_id: 'x', created_at, membership_id: 'bronze' }]);
  assert.equal((await run('many')).read, 0);
  assert.equal((await run('many', { memberships: ['bronze'] })).rewritten, 1);
  assert.equal((await item('x'))['membership_id'], `${SHOP}#bronze`);
});

test('everybody is found over several pages of an index, by queries alone', async () => {
  // 560 keys of 2,000 bytes are more than the megabyte that a page holds.
  const rows = Array.from({ length: 560 }, (_, n) => ({
    user_id: `${n}-${'x'.repeat(2000)}`,
    created_at,
    is_active: 'true',
  }));
  const { run, countUnder } = await aTable(rows);
  const calls = countCalls(engine.client);
  assert.deepEqual(await run('many'), { read: 560, rewritten: 560, unchanged: 0 });
  const kinds = new Set(calls.map(({ command }) => command));
  assert.deepEqual(kinds, new Set(['QueryCommand', 'GetItemCommand', 'UpdateItemCommand']));
  assert.equal(await countUnder('is_active', 'true'), 0);
  // Now they are found by their shop.
  assert.deepEqual(await run('many'), { read: 560, rewritten: 0, unchanged: 560 });
});

test('a flag that somebody changes meanwhile is not written over', async () => {
  const { run, item, put } = await aTable([
    { user_id: 'x', shop: SHOP, created_at, is_admin: 'true', is_active: 'true' },
  ]);
  let changed = false;
  engine.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'UpdateItemCommand' && !changed) {
          changed = true;
          await put({ user_id: 'x', shop: SHOP, created_at, is_active: 'true' });
        }
        return next(args);
      },
    { step: 'initialize', name: 'changeMeanwhile' },
  );
  assert.deepEqual(await run('many'), { read: 1, rewritten: 1, unchanged: 0 });
  engine.client.middlewareStack.remove('changeMeanwhile');
  const is_active = `${SHOP}#true`;
  assert.deepEqual(await item('x'), { user_id: 'x', shop: SHOP, created_at, is_active, revision: 1 });
});

test('the command prints the counts', async () => {
  const { prefix } = await aTable(people);
  const run = async (...flags: string[]) => {
    const running = startProcess('src/cli.ts', {
      cwd: aDirectory(),
      args: ['tables', 'rescope', '--shop', SHOP, '--to', 'many', ...flags],
      env: { DYNAMODB_ENDPOINT: engine.url, TABLE_PREFIX: prefix },
    });
    assert.equal(await running.exited, 0, running.output());
    return running.output();
  };
  assert.equal(await run('--dry-run'), '8 read, 7 to be rewritten, 1 unchanged\n');
  assert.equal(await run(), '8 read, 7 rewritten, 1 unchanged\n');
});
