import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { fromWebhook } from '../src/customers/customer.ts';
import { parseExact } from '../src/shopify/json.ts';
import type { TableDefinition } from '../src/tables/definition.ts';
import { createMissingTable } from '../src/tables/ensure-table.ts';
import { createCursors } from '../src/users/lists/cursor.ts';
import type { UserQuery } from '../src/users/lists/list-query.ts';
import { lists, usersTable } from '../src/users/users-schema.ts';
import { createUsers } from '../src/users/store.ts';
import { countCalls, type Call } from '../test/support/counting-client.ts';
import { aCustomerUpdate } from '../test/support/customer-update.ts';
import { aUserItem, instant, putItems } from '../test/support/user-items.ts';

const SHOP = 'toys.myshopify.com';
/** Together with the other attributes an item of about 700 bytes. */
const EMAIL = `${'long'.repeat(20)}@example.com`;
const LAST_NAME = 'x'.repeat(250);

/** The table's original definition, for comparison: three indexes that hold everything, flags as 'true' or 'false'. */
const originalTable: TableDefinition = {
  ...usersTable,
  name: 'original',
  indexes: usersTable.indexes.filter(({ projection }) => projection === 'ALL'),
};

interface Row {
  readonly what: string;
  readonly operation: string;
  readonly index: string;
  readonly units: number;
  /** In the original definition; undefined: it has no index for it, so only a Scan of the whole table would do. */
  readonly original: number | undefined;
  /** The most it may ever cost. */
  readonly atMost: number;
}

export interface Catalogue {
  readonly reads: readonly Row[];
  readonly writes: readonly Row[];
}

const toOperation = (calls: readonly Call[]) =>
  calls.map(({ command }) => command.replace('Command', '')).join(' + ');
const toUnits = (calls: readonly Call[]) => calls.reduce((sum, { units }) => sum + units, 0);

/**
 * Measures what every access pattern and every kind of write uses, for users of about 700 bytes, by
 * ReturnConsumedCapacity of an engine that counts as DynamoDB does.
 */
export async function measureCatalogue(client: DynamoDBClient): Promise<Catalogue> {
  const prefix = `c${randomUUID().slice(0, 8)}_`;
  for (const definition of [usersTable, originalTable])
    await createMissingTable({ client, prefix }, definition);
  const table = `${prefix}users`;
  const documents = DynamoDBDocumentClient.from(client);
  const now = () => new Date();
  const activeStates = new Set(['enabled']);
  const cursors = createCursors(['secret']);
  const users = createUsers({
    client: documents,
    table,
    shop: SHOP,
    oneShop: false,
    activeStates,
    cursors,
    now,
  });
  const people = Array.from({ length: 60 }, (_, n) =>
    aUserItem(SHOP, n, { email: EMAIL, last_name: LAST_NAME }),
  );
  await putItems(client, table, people);
  const calls = countCalls(client);

  async function cost(work: () => Promise<unknown>): Promise<Call[]> {
    const start = calls.length;
    await work();
    return calls.slice(start);
  }

  async function read(
    what: string,
    index: string,
    atMost: number,
    work: () => Promise<unknown>,
  ): Promise<Row> {
    const made = await cost(work);
    const inOriginal = originalTable.indexes.some(({ name }) => name === index) || index === '(table)';
    const units = toUnits(made);
    const original = inOriginal ? units : undefined;
    return { what, operation: toOperation(made), index, units, original, atMost };
  }

  const customer = (n: number, second: number, fields: object = {}) => {
    const updated_at = `2024-01-01T00:00:0${second}Z`;
    const profile = { email: EMAIL, last_name: LAST_NAME, state: 'disabled', updated_at, ...fields };
    return fromWebhook(parseExact(aCustomerUpdate({ id: String(1000 + n), ...profile }).body));
  };

  const original = (fields: object) =>
    documents.send(
      new PutCommand({
        TableName: `${prefix}original`,
        Item: {
          user_id: 'u',
          shopify_id: '1000',
          created_at: instant(0),
          email: EMAIL,
          last_name: LAST_NAME,
          is_active: 'false',
          is_admin: 'false',
          is_featured_author: 'false',
          ...fields,
        },
      }),
    );

  async function write(
    what: string,
    atMost: number,
    ours: () => Promise<unknown>,
    theirs: object,
  ): Promise<Row> {
    const made = await cost(ours);
    const before = await cost(() => original(theirs));
    const row = { what, operation: toOperation(made), index: '', units: toUnits(made), atMost };
    return { ...row, original: toUnits(before) };
  }

  const queries: [UserQuery, number][] = [
    [{ by: 'created', from: instant(0), to: instant(99) }, 13.5],
    [{ by: 'active' }, 13.5],
    [{ by: 'admin' }, 3],
    [{ by: 'featured_author' }, 3],
    [{ by: 'membership', membershipId: 'gold' }, 13.5],
  ];
  const reads = [
    await read('user by user_id', '(table)', 0.5, () => users.getById(`${SHOP}#1`)),
    await read('user by shopify_id', 'shopify_id-index', 0.5, () => users.getByShopifyId('1')),
  ];
  for (const [query, atMost] of queries) {
    const { asks, index } = lists[query.by];
    reads.push(await read(`${asks}, a page of 25`, index, atMost, () => users.list(query, { limit: 25 })));
  }
  const writes = [
    await write('first sight', 3, () => users.save(customer(1, 1)), {}),
    await write(
      'first sight of an active person',
      4,
      () => users.save(customer(2, 1, { state: 'enabled' })),
      {
        user_id: 'v',
        is_active: 'true',
      },
    ),
    await write('profile changes', 2, () => users.save(customer(1, 2, { first_name: 'New' })), {
      first_name: 'New',
    }),
    await write('person becomes active', 3, () => users.save(customer(1, 3, { state: 'enabled' })), {
      is_active: 'true',
    }),
  ];
  return { reads, writes };
}

/** The catalogue as the tables of docs/data-model.md. */
export function toMarkdown({ reads, writes }: Catalogue): string {
  const number = (units: number | undefined) => (units === undefined ? 'Scan' : String(units));
  return [
    '| pattern | operation | index | read units | original |',
    '| --- | --- | --- | --- | --- |',
    ...reads.map(
      (row) => `| ${row.what} | ${row.operation} | ${row.index} | ${row.units} | ${number(row.original)} |`,
    ),
    '',
    '| write | operation | write units | original |',
    '| --- | --- | --- | --- |',
    ...writes.map((row) => `| ${row.what} | ${row.operation} | ${row.units} | ${number(row.original)} |`),
  ].join('\n');
}
