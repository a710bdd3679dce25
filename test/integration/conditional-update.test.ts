import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DynamoDBDocumentClient, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { orStoreFailed, update } from '../../src/dynamodb/conditional-update.ts';
import { createMissingTable } from '../../src/tables/ensure-table.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { createDynamoDBTrouble } from '../support/dynamodb-trouble.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { aPrefix } from '../support/tables.ts';

let engine: Engine;
let client: DynamoDBDocumentClient;
const prefix = aPrefix();
const trouble = createDynamoDBTrouble();

before(async () => {
  engine = await startEngine();
  await createMissingTable({ client: engine.client, prefix }, usersTable);
  client = DynamoDBDocumentClient.from(engine.client);
  trouble.prepare(client);
});
after(() => engine.close());

const naming = (userId: string): UpdateCommandInput => ({
  TableName: prefix + usersTable.name,
  Key: { user_id: userId },
  UpdateExpression: 'SET first_name = :name',
  ConditionExpression: 'attribute_not_exists(user_id)',
  ExpressionAttributeValues: { ':name': 'Ada' },
});

for (const name of [
  'TransactionConflictException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
])
  test(`an update that meets a ${name} twice is repeated at once, and written once`, async () => {
    const metBefore = trouble.met();
    trouble.next({ name, times: 2, command: 'UpdateItemCommand' });
    assert.equal((await update(client, naming(name))).written, true);
    assert.equal(trouble.met() - metBefore, 2);
    assert.equal((await update(client, naming(name))).written, false);
  });

test('an update that goes on meeting one is given up as an outage, after a few times', async () => {
  const metBefore = trouble.met();
  trouble.next({ name: 'TransactionConflictException', times: 1000, command: 'UpdateItemCommand' });
  const work = orStoreFailed(() => update(client, naming('busy')));
  await assert.rejects(work, { code: 'store_failed' });
  trouble.end();
  assert.equal(trouble.met() - metBefore, 5);
});

test('an update that DynamoDB refuses for another reason is not repeated', async () => {
  const metBefore = trouble.met();
  for (const [name, code] of [
    ['ValidationException', 'item_refused'],
    ['ResourceNotFoundException', 'store_failed'],
    ['InternalServerError', 'store_failed'],
  ] as const) {
    trouble.next({ name, times: 1, command: 'UpdateItemCommand' });
    await assert.rejects(
      orStoreFailed(() => update(client, naming(name))),
      { code },
    );
  }
  assert.equal(trouble.met() - metBefore, 3);
});
