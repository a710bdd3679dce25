import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { changeOf } from '../../src/customers/change.ts';
import { fromWebhook } from '../../src/customers/customer.ts';
import { precedenceOf } from '../../src/customers/precedence.ts';
import { createMissingTable } from '../../src/tables/ensure-table.ts';
import { createCursors } from '../../src/users/lists/cursor.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { createUsers, type Users } from '../../src/users/store.ts';
import { toSnapshotDigest, toStored } from '../../src/users/stored-state.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { SHOP } from '../support/rollcall.ts';

const table = `p${randomUUID().slice(0, 8)}_users`;
let engine: Engine;
let client: DynamoDBDocumentClient;
let users: Users;

before(async () => {
  engine = await startEngine();
  await createMissingTable({ client: engine.client, prefix: table.slice(0, -'users'.length) }, usersTable);
  client = DynamoDBDocumentClient.from(engine.client);
  const cursors = createCursors(['s']);
  const now = () => new Date();
  users = createUsers({ client, table, shop: SHOP, oneShop: false, activeStates: new Set(), cursors, now });
});
after(() => engine.close());

const aSecond = fc.integer({ min: 4, max: 6 }).map((second) => `2022-01-01T00:00:0${second}.000Z`);
const aBody = fc.record({ updated_at: aSecond, first_name: fc.constantFrom('A', 'B', 'C', null) });
const aDigest = aBody.map((body) => changeOf(fromWebhook({ id: 1, ...body }))?.digest ?? '');

const aSnapshotDigest = fc
  .tuple(aDigest, fc.option(aSecond, { nil: undefined }))
  .map(([digest, snapshotAt]) => toSnapshotDigest(digest, snapshotAt));

/** Times as other programs store them: fractions, no fraction, another zone, and what is no time. */
const aStoredTime = fc.oneof(
  { weight: 4, arbitrary: aSecond },
  {
    weight: 4,
    arbitrary: fc
      .tuple(aSecond, fc.constantFrom('.395Z', '.999Z', '.000001Z', '.0Z', 'Z', '', '+02:00'))
      .map(([time, end]) => time.replace('.000Z', end)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      '',
      '2',
      '2022-01-01T00:00:0',
      '2022-01-01 00:00:05',
      '2022-01-02',
      '2999-01-01T00:00:00.000Z',
      'yesterday',
      'é',
      1_641_000_005,
      true,
      null,
      ['2022-01-01T00:00:05.000Z'],
    ),
  },
);

/** The attributes that say who wrote an item, and what; undefined: there is no item. */
const aStored = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom({}, { deleted_at: 'x' }, { redacted_at: 'x' }) },
  { weight: 1, arbitrary: fc.constant({ deleted_at: 'x', inferred: true }) },
  { weight: 1, arbitrary: fc.record({ shopify_updated_at: aStoredTime }) },
  { weight: 4, arbitrary: fc.record({ shopify_updated_at: aStoredTime, source_digest: aDigest }) },
  {
    weight: 4,
    arbitrary: fc.record({ shopify_updated_at: aStoredTime, source_digest: aSnapshotDigest }),
  },
);

const anArrival = fc.oneof(
  { weight: 8, arbitrary: aBody },
  { weight: 1, arbitrary: fc.constantFrom('id' as const, 'tombstone' as const) },
);

test('DynamoDB writes what arrives exactly if the rule lets it win', async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(aStored, anArrival, async (attributes, arrival) => {
      n += 1;
      const id = String(n);
      const stored = attributes && { user_id: await users.userIdOf(id), revision: 1, ...attributes };
      if (stored !== undefined) await client.send(new PutCommand({ TableName: table, Item: stored }));
      if (arrival === 'tombstone') {
        const expected = precedenceOf({ by: 'tombstone' }, toStored(stored));
        assert.equal(await users.tombstone(id), expected === 'wins' ? 'written' : expected);
        return;
      }
      const customer = fromWebhook({ id, ...(arrival === 'id' ? {} : arrival) });
      const expected = precedenceOf({ by: 'webhook', change: changeOf(customer) }, toStored(stored));
      const { saved, existing } = await users.save(customer);
      assert.equal(saved, expected === 'wins' ? 'written' : expected);
      assert.deepEqual(existing, toStored(stored));
    }),
    { numRuns: 500 },
  );
});
