import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { createMissingTable } from '../../src/tables/ensure-table.ts';
import { createCursors } from '../../src/users/lists/cursor.ts';
import type { UserQuery } from '../../src/users/lists/list-query.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { createUsers, type Users } from '../../src/users/store.ts';
import { aPrefix } from '../support/tables.ts';
import { countCalls, type Call } from '../support/counting-client.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { aUserItem, instant, putItems } from '../support/user-items.ts';

const prefix = aPrefix();
const table = `${prefix}users`;
const NUMBERS = [0, 1, 25, 26, 1000];
let engine: Engine;
let calls: Call[];

/** The shop with a number of people. */
const shopOf = (people: number) => `people-${people}.myshopify.com`;

function usersOf(shop: string): Users {
  const client = DynamoDBDocumentClient.from(engine.client);
  const now = () => new Date();
  const cursors = createCursors(['secret']);
  return createUsers({ client, table, shop, oneShop: false, activeStates: new Set(), cursors, now });
}

const queries: UserQuery[] = [
  { by: 'created', from: instant(0), to: instant(2000) },
  { by: 'active' },
  { by: 'admin' },
  { by: 'featured_author' },
  { by: 'membership', membershipId: 'gold' },
];

/** The ids of all pages of a list, in their order. */
async function walk(
  users: Users,
  query: UserQuery,
  limit: number,
): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await users.list(query, { limit, cursor });
    assert.ok(page.users.length === limit || page.nextCursor === undefined, 'only the last page is short');
    ids.push(...page.users.map(({ shopify_id }) => shopify_id ?? ''));
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== undefined);
  return { ids, pages };
}

before(async () => {
  engine = await startEngine();
  await createMissingTable({ client: engine.client, prefix }, usersTable);
  for (const people of NUMBERS) {
    const items = Array.from({ length: people }, (_, n) => aUserItem(shopOf(people), n));
    await putItems(engine.client, table, items);
  }
  calls = countCalls(engine.client);
});
after(() => engine.close());

for (const people of NUMBERS)
  for (const query of queries)
    test(`${people} people listed by ${query.by} come newest first, nobody missing or twice`, async () => {
      const { ids, pages } = await walk(usersOf(shopOf(people)), query, 25);
      assert.deepEqual(
        ids,
        Array.from({ length: people }, (_, n) => String(people - 1 - n)),
      );
      assert.equal(pages, Math.max(1, Math.ceil(people / 25)));
    });

test('people of one instant are neither missing nor twice at the border of a page', async () => {
  const shop = 'same.myshopify.com';
  const items = Array.from({ length: 7 }, (_, n) => aUserItem(shop, n, { created_at: instant(0) }));
  await putItems(engine.client, table, items);
  for (const query of queries) {
    const { ids } = await walk(usersOf(shop), query, 2);
    assert.deepEqual(new Set(ids), new Set(items.map(({ shopify_id }) => shopify_id)));
    assert.equal(ids.length, 7);
  }
});

test('the range of creation includes both ends, and "created after" excludes its instant', async () => {
  const users = usersOf(shopOf(26));
  assert.deepEqual((await walk(users, { by: 'created', from: instant(3), to: instant(5) }, 25)).ids, [
    '5',
    '4',
    '3',
  ]);
  for (const by of ['admin', 'featured_author'] as const)
    assert.deepEqual((await walk(users, { by, createdAfter: instant(23) }, 1)).ids, ['25', '24']);
});

test('whom an index still shows but who is a tombstone or has lost the flag is left out, and the page is full', async () => {
  const shop = 'ghosts.myshopify.com';
  // Keys of the index without what makes a user: what a lagging index shows of them.
  const ghosts = [3, 5, 6].map((n) => aUserItem(shop, n, { deleted_at: instant(n) }));
  const people = [0, 1, 2, 4, 7].map((n) => aUserItem(shop, n));
  await putItems(engine.client, table, [...ghosts, ...people]);
  for (const query of queries) {
    const page = await usersOf(shop).list(query, { limit: 3 });
    assert.deepEqual(
      page.users.map(({ shopify_id }) => shopify_id),
      ['7', '4', '2'],
      query.by,
    );
    assert.deepEqual((await walk(usersOf(shop), query, 3)).ids, ['7', '4', '2', '1', '0']);
  }
});

test('a batch that DynamoDB answers in part is asked for again until everybody is there, in order', async () => {
  const shop = 'large.myshopify.com';
  // 16 MB is the most that one BatchGetItem returns.
  const bio = 'x'.repeat(350_000);
  const items = Array.from({ length: 60 }, (_, n) => aUserItem(shop, n, { bio }));
  for (const item of items) await putItems(engine.client, table, [item]);
  const start = calls.length;
  const { users } = await usersOf(shop).list({ by: 'active' }, { limit: 60 });
  assert.deepEqual(
    users.map(({ shopify_id }) => shopify_id),
    Array.from({ length: 60 }, (_, n) => String(59 - n)),
  );
  const batches = calls.slice(start).filter(({ command }) => command === 'BatchGetItemCommand');
  assert.ok(batches.length > 1, `${batches.length} batch`);
});

test('a get by shopify_id finds the own shop among shops with the same id, and nobody where there is none', async () => {
  assert.equal((await usersOf(shopOf(25)).getByShopifyId('0'))?.user_id, `${shopOf(25)}#0`);
  assert.equal((await usersOf(shopOf(1)).getByShopifyId('0'))?.user_id, `${shopOf(1)}#0`);
  assert.equal(await usersOf(shopOf(1)).getByShopifyId('24'), undefined);
});

describe('a cursor', () => {
  const refused = (error: unknown) => error instanceof AppError && error.code === 'cursor_invalid';
  const list = (shop: string, query: UserQuery, cursor: string) =>
    usersOf(shop).list(query, { limit: 5, cursor });

  test('of another shop, another query or tampered with is refused', async () => {
    const query: UserQuery = { by: 'admin', createdAfter: instant(1) };
    const { nextCursor = '' } = await usersOf(shopOf(26)).list(query, { limit: 5 });
    assert.equal((await list(shopOf(26), query, nextCursor)).users[0]?.shopify_id, '20');
    await assert.rejects(list(shopOf(25), query, nextCursor), refused);
    await assert.rejects(list(shopOf(26), { by: 'admin' }, nextCursor), refused);
    await assert.rejects(list(shopOf(26), { ...query, by: 'featured_author' }, nextCursor), refused);
    await assert.rejects(list(shopOf(26), { by: 'admin', createdAfter: instant(2) }, nextCursor), refused);
    for (let n = 0; n < nextCursor.length; n += 1) {
      const other = nextCursor[n] === 'A' ? 'B' : 'A';
      const tampered = nextCursor.slice(0, n) + other + nextCursor.slice(n + 1);
      await assert.rejects(list(shopOf(26), query, tampered), refused, String(n));
    }
    for (const nonsense of ['', '.', 'x', '{}', '../..', `${nextCursor}A`])
      await assert.rejects(list(shopOf(26), query, nonsense), refused, nonsense);
  });

  test('still works after a rotation of the secret, as long as the previous one is known', () => {
    const query: UserQuery = { by: 'active' };
    const position = { user_id: 'u', created_at: instant(1) };
    const cursor = createCursors(['old']).encode('a', query, position);
    assert.deepEqual(createCursors(['new', 'old']).decode('a', query, cursor), position);
    assert.throws(() => createCursors(['new']).decode('a', query, cursor), refused);
  });
});

test('a page of 25 is one Query, and one BatchGetItem where the index holds keys only', async () => {
  for (const query of queries) {
    const start = calls.length;
    await usersOf(shopOf(1000)).list(query, { limit: 25 });
    const whole = query.by === 'admin' || query.by === 'featured_author';
    assert.deepEqual(
      calls.slice(start).map(({ command }) => command),
      whole ? ['QueryCommand'] : ['QueryCommand', 'BatchGetItemCommand'],
      query.by,
    );
  }
  const start = calls.length;
  await usersOf(shopOf(1)).getById(`${shopOf(1)}#0`);
  await usersOf(shopOf(1)).getByShopifyId('0');
  assert.deepEqual(
    calls.slice(start).map(({ command }) => command),
    ['GetItemCommand', 'QueryCommand'],
  );
});

test('no pattern ever scans', () => {
  assert.ok(calls.length > 500);
  const commands = new Set(calls.map(({ command }) => command));
  assert.deepEqual(
    commands,
    new Set(['BatchWriteItemCommand', 'GetItemCommand', 'QueryCommand', 'BatchGetItemCommand']),
  );
});
