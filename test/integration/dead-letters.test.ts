import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeadLetters } from '../../src/ledger/dead-letters.ts';
import { useRollcall } from '../support/rollcall.ts';

const running = useRollcall();
const body = Buffer.from('é'.repeat(400_000));
const topic = 'customers/update';
const reason = 'The customer cannot be read';

function lettersAt(time: string) {
  const { engine, table } = running();
  const client = DynamoDBDocumentClient.from(engine.client);
  return createDeadLetters({ client, table: table('rollcall'), now: () => new Date(time) });
}

test('a dead letter is listed without its body, read whole, and removed whole', async () => {
  const shop = 'whole.myshopify.com';
  const letters = lettersAt('2026-11-02T00:00:00Z');
  await letters.put({ shop, topic, id: 'a', body, reason });
  const parts = `${shop}#dead_letter#a`;
  const [listed = {}] = await running().ledger(`${shop}#dead_letter`);
  assert.equal('body' in listed, false);
  assert.equal((await running().ledger(parts)).length, 3);
  assert.deepEqual(await letters.get(shop, 'a'), { shop, topic, id: 'a', body, reason });
  await letters.remove(shop, 'a');
  assert.equal(await letters.get(shop, 'a'), undefined);
  assert.deepEqual(await running().ledger(parts), []);
});

test('dead letters are listed oldest first', async () => {
  const shop = 'order.myshopify.com';
  for (const [id, time] of [
    ['a', '2026-11-02T00:00:00.000Z'],
    ['b', '2026-11-01T00:00:00.000Z'],
  ] as const)
    await lettersAt(time).put({ shop, topic, id, body, reason });
  const listed = await lettersAt('2026-11-03T00:00:00Z').list(shop);
  assert.deepEqual(
    listed.map(({ id }) => id),
    ['b', 'a'],
  );
});

test('a dead letter that has the beginning of its body itself, as earlier versions left it, is read whole', async () => {
  const shop = 'earlier.myshopify.com';
  const client = running().documents;
  const letter = { topic, reason, received_at: '2026-11-01T00:00:00.000Z', parts: 2 };
  for (const item of [
    { pk: `${shop}#dead_letter`, sk: 'a', ...letter, body: body.subarray(0, 350_000) },
    { pk: `${shop}#dead_letter#a`, sk: 'part#01', body: body.subarray(350_000, 700_000) },
  ])
    await client.send(new PutCommand({ TableName: running().table('rollcall'), Item: item }));
  const read = await lettersAt('2026-11-03T00:00:00Z').get(shop, 'a');
  assert.ok(read !== undefined && body.subarray(0, 700_000).equals(read.body));
});
