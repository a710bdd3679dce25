import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromWebhook, type Customer } from '../../src/customers/customer.ts';
import { parseExact } from '../../src/shopify/json.ts';
import { createMissingTable } from '../../src/tables/ensure-table.ts';
import { createCursors } from '../../src/users/lists/cursor.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { createUsers, type Users } from '../../src/users/store.ts';
import { aPrefix } from '../support/tables.ts';
import { countCalls, type Call } from '../support/counting-client.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { countsUnits, startEngine, type Engine } from '../support/engine.ts';
import { SHOP } from '../support/rollcall.ts';

const prefix = aPrefix();
let engine: Engine;
let users: Users;
let calls: Call[];

before(async () => {
  engine = await startEngine();
  await createMissingTable({ client: engine.client, prefix }, usersTable);
  const client = DynamoDBDocumentClient.from(engine.client);
  const activeStates = new Set(['enabled']);
  const now = () => new Date();
  users = createUsers({
    client,
    table: `${prefix}users`,
    shop: SHOP,
    oneShop: false,
    activeStates,
    cursors: createCursors(['s']),
    now,
  });
  calls = countCalls(engine.client);
});
after(() => engine.close());

/** What a change of a customer costs. Its item has about 700 bytes, an ordinary user's size. */
async function costOf(work: () => Promise<unknown>): Promise<{ calls: number; units: number }> {
  const start = calls.length;
  await work();
  const made = calls.slice(start);
  return { calls: made.length, units: made.reduce((sum, { units }) => sum + units, 0) };
}

function someCustomer(fields: Record<string, unknown>): Customer {
  const email = `${'long'.repeat(20)}@example.com`;
  return fromWebhook(parseExact(aCustomerUpdate({ email, last_name: 'x'.repeat(250), ...fields }).body));
}

// dynalite returns no item with a failed condition, which costs it one read more; DynamoDB does.
const refused = countsUnits ? 1 : 2;

test('every kind of delivery is one call, whether the customer is known or not', async () => {
  const at = (second: number, first_name = 'Bob') =>
    someCustomer({ id: '1', updated_at: `2022-01-01T00:00:0${second}Z`, first_name });
  assert.equal((await costOf(() => users.save(at(3)))).calls, 1, 'first sight');
  assert.equal((await costOf(() => users.save(at(5)))).calls, 1, 'update');
  assert.equal((await costOf(() => users.save(at(5)))).calls, refused, 'duplicate');
  assert.equal((await costOf(() => users.save(at(4)))).calls, refused, 'stale');
  assert.equal((await costOf(() => users.save(at(5, 'Tie')))).calls <= refused, true, 'tie');
  assert.equal((await costOf(() => users.tombstone('1'))).calls, 1, 'deletion');
});

test('the outcome of a delivery is named', async () => {
  const at = (second: number, first_name = 'Bob') =>
    someCustomer({ id: '2', updated_at: `2022-01-01T00:00:0${second}Z`, first_name });
  const saved = async (customer: Customer) => (await users.save(customer)).saved;
  const [a, b] = [await saved(at(3, 'A')), await saved(at(3, 'B'))];
  const [c, d] = [await saved(at(3, 'A')), await saved(at(2))];
  assert.equal(a, 'written');
  // Which of the two digests is greater decides whether B replaced A.
  assert.deepEqual([b, c], b === 'written' ? ['written', 'tie'] : ['tie', 'duplicate']);
  assert.equal(d, 'stale');
  assert.equal(await users.tombstone('2'), 'written');
  assert.equal(await users.tombstone('2'), 'duplicate');
  assert.equal(await saved(at(9)), 'deleted');
});

test(
  'a 700-byte user costs at most 4 write units to create and 2 to update',
  { skip: !countsUnits && 'dynalite does not count units as DynamoDB does' },
  async () => {
    const created = await costOf(() => users.save(someCustomer({ id: '3' })));
    assert.ok(created.units >= 1 && created.units <= 4, `create: ${created.units}`);
    const item = await users.getById(`${SHOP}#3`);
    const size = Buffer.byteLength(JSON.stringify(item));
    assert.ok(size >= 700 && size < 1000, `the item has about ${size} bytes`);
    const change = someCustomer({ id: '3', updated_at: '2023-01-01T00:00:00Z', first_name: 'New' });
    const updated = await costOf(() => users.save(change));
    assert.ok(updated.units >= 1 && updated.units <= 2, `update: ${updated.units}`);
    // No engine reports what a failed condition used. DynamoDB's rule is the item's size in kilobytes: one unit,
    // as long as it is one call without a read.
    assert.equal((await costOf(() => users.save(change))).calls, 1);
  },
);
