import type { TableDescription } from '@aws-sdk/client-dynamodb';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addIndexInput, createTableInput } from '../../src/tables/definition.ts';
import { planTable, planText } from '../../src/tables/plan-table.ts';
import type { TableState } from '../../src/tables/table-state.ts';
import { waitUntil } from '../../src/tables/wait.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { describe, originalTable } from '../support/tables.ts';

const asDefined = describe(createTableInput(usersTable, ''));

function aStanding(table: TableDescription, rest: Partial<TableState> = {}): TableState {
  return {
    table,
    ttl: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' },
    recovery: true,
    ...rest,
  };
}

const plan = (table: TableDescription, rest?: Partial<TableState>) =>
  planTable(usersTable, aStanding(table, rest));
const kinds = (table: TableDescription, rest?: Partial<TableState>) =>
  plan(table, rest).steps.map(({ kind }) => kind);

/** The table as defined, with one of its indexes as given. */
function withIndex(name: string, change: object): TableDescription {
  const indexes = asDefined.GlobalSecondaryIndexes ?? [];
  return {
    ...asDefined,
    GlobalSecondaryIndexes: indexes.map((index) =>
      index.IndexName === name ? { ...index, ...change } : index,
    ),
  };
}

test('a table as defined needs nothing', () => {
  assert.deepEqual(plan(asDefined), { refusals: [], steps: [], notes: [] });
  assert.deepEqual(planText('users', plan(asDefined)), ['Table users', '  nothing to do']);
});

test('a missing table is created', () => {
  const [line] = planText('users', planTable(usersTable, undefined)).slice(1);
  assert.match(line ?? '', /create it, on demand, with 6 indexes/);
});

test('the original table lacks the three newer indexes and nothing else', () => {
  const lines = planText('users', plan(describe(originalTable('PAY_PER_REQUEST'))));
  assert.deepEqual(lines, [
    'Table users',
    '  add index shop-created_at-index (shop, created_at; KEYS_ONLY)',
    '  add index active-created_at-index (is_active, created_at; KEYS_ONLY)',
    '  add index membership-created_at-index (membership_id, created_at; KEYS_ONLY)',
  ]);
});

test("an index that is added to a table with provisioned throughput gets the table's", () => {
  const { steps } = plan(describe(originalTable('PROVISIONED')));
  for (const step of steps) {
    assert.ok(step.kind === 'add_index');
    const update = addIndexInput('users', step.index, step.throughput).GlobalSecondaryIndexUpdates?.[0];
    assert.deepEqual(update?.Create?.ProvisionedThroughput, { ReadCapacityUnits: 5, WriteCapacityUnits: 7 });
    assert.match(step.text, /with the table's 5 read and 7 write units/);
  }
});

test('the input that adds an index to a table on demand names its keys and no throughput', () => {
  const [, index] = usersTable.indexes;
  assert.deepEqual(addIndexInput('users', index, undefined), {
    TableName: 'users',
    AttributeDefinitions: [
      { AttributeName: 'shop', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: 'shop-created_at-index',
          KeySchema: [
            { AttributeName: 'shop', KeyType: 'HASH' },
            { AttributeName: 'created_at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      },
    ],
  });
});

test('a table with another key is refused, whatever else it lacks', () => {
  const other = describe({
    ...originalTable('PAY_PER_REQUEST'),
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const { refusals, steps } = plan(other, { recovery: false });
  assert.match(refusals.join(), /its key is id HASH and must be user_id HASH: a key cannot be changed/);
  assert.deepEqual(steps, []);
});

test('a key attribute of another type is refused', () => {
  const numbers = asDefined.AttributeDefinitions?.map((attribute) =>
    attribute.AttributeName === 'created_at' ? { ...attribute, AttributeType: 'N' as const } : attribute,
  );
  const { refusals } = plan({ ...asDefined, AttributeDefinitions: numbers });
  assert.match(refusals.join(), /the key attribute created_at has the type N and must be S/);
});

test('an index with another key or too little in it is refused, with what to do', () => {
  const noRange = withIndex('admin-created_at-index', {
    KeySchema: [{ AttributeName: 'is_admin', KeyType: 'HASH' }],
  });
  assert.match(plan(noRange).refusals.join(), /must be is_admin HASH, created_at RANGE: delete that index/);
  const keysOnly = withIndex('admin-created_at-index', { Projection: { ProjectionType: 'KEYS_ONLY' } });
  assert.match(plan(keysOnly).refusals.join(), /projects KEYS_ONLY and must project ALL: delete that index/);
  const going = withIndex('admin-created_at-index', { IndexStatus: 'DELETING' });
  assert.match(plan(going).refusals.join(), /is being deleted: wait/);
});

test('an index that holds more than is asked for, or that somebody else added, is no difference', () => {
  const more = withIndex('shop-created_at-index', { Projection: { ProjectionType: 'ALL' } });
  const GlobalSecondaryIndexes = [
    ...(more.GlobalSecondaryIndexes ?? []),
    { IndexName: 'email-index', IndexStatus: 'ACTIVE' as const },
  ];
  assert.deepEqual(kinds({ ...more, GlobalSecondaryIndexes }), []);
});

test('an index that is being built is awaited before the next is added', () => {
  const original = describe(originalTable('PAY_PER_REQUEST'));
  const building = withIndex('shop-created_at-index', { IndexStatus: 'CREATING' });
  const shopIndex = building.GlobalSecondaryIndexes?.[1] ?? {};
  const GlobalSecondaryIndexes = [...(original.GlobalSecondaryIndexes ?? []), shopIndex];
  assert.deepEqual(kinds({ ...original, GlobalSecondaryIndexes }), ['await_index', 'add_index', 'add_index']);
});

test('time to live, recovery and deletion protection are turned on where they are off', () => {
  const off = { ...asDefined, DeletionProtectionEnabled: false };
  const ttl = { TimeToLiveStatus: 'DISABLED' as const };
  assert.deepEqual(kinds(off, { ttl, recovery: false }), ['enable_ttl', 'enable_recovery', 'protect']);
  const enabling = { TimeToLiveStatus: 'ENABLING' as const, AttributeName: 'expires_at' };
  assert.deepEqual(kinds(asDefined, { ttl: enabling }), []);
});

test('a time to live on another attribute stays, and is named', () => {
  const ttl = { TimeToLiveStatus: 'ENABLED' as const, AttributeName: 'gone_at' };
  const lines = planText('users', plan(asDefined, { ttl }));
  assert.equal(lines[1], '  nothing to do');
  assert.match(lines[2] ?? '', /left alone: its time to live is on gone_at and should be on expires_at/);
});

test('what an engine does not know is not planned', () => {
  const { DeletionProtectionEnabled: _, ...local } = asDefined;
  assert.deepEqual(kinds(local, { ttl: undefined, recovery: undefined }), []);
});

test('a wait asks until the answer is true, and gives up when its time is over', async () => {
  let asked = 0;
  const third = async () => (asked += 1) === 3;
  assert.equal(await waitUntil(third, { maxWait: 1000, minDelay: 1 }), true);
  assert.equal(asked, 3);
  assert.equal(await waitUntil(async () => false, { maxWait: 5, minDelay: 1 }), false);
});
