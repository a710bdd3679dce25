import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { randomUUID } from 'node:crypto';
import type { Connection } from '../src/dynamodb/connect.ts';
import { resolveEntitlements } from '../src/customers/entitlements.ts';
import { fromGraphql } from '../src/customers/snapshot.ts';
import { ledgerTable } from '../src/ledger/ledger-schema.ts';
import { createLedger } from '../src/ledger/ledger.ts';
import { createLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import type { Admin } from '../src/shopify/admin/admin.ts';
import { createBulkOperations } from '../src/shopify/admin/bulk-operations.ts';
import { createTransport } from '../src/shopify/transport.ts';
import { createBackfill } from '../src/sync/full/full-sync.ts';
import { createImportCustomers } from '../src/sync/full/apply-customers.ts';
import { createBulkFinished } from '../src/sync/full/bulk-finished.ts';
import { createMissingTable } from '../src/tables/ensure-table.ts';
import { createCursors } from '../src/users/lists/cursor.ts';
import { usersTable } from '../src/users/users-schema.ts';
import { snapshotCommand } from '../src/users/snapshot-commands.ts';
import { userIdOf } from '../src/users/user-id.ts';
import { createUsers } from '../src/users/store.ts';
import { aNode } from './a-node.ts';

const SHOP = 'toys.myshopify.com';
/** As many concurrent writes as the import has. */
const AT_ONCE = 16;

const rules = { membershipPrefix: undefined, featuredAuthor: undefined };
const now = () => new Date();

/** Prepares the import of `count` customers into new tables; resolves to the function that runs it. */
export type Way = (connection: Connection, count: number) => Promise<() => Promise<void>>;

async function newTables({ client, documents }: Connection) {
  const prefix = `b${randomUUID().slice(0, 8)}_`;
  await createMissingTable({ client, prefix }, usersTable);
  await createMissingTable({ client, prefix }, ledgerTable);
  const context = { shop: SHOP, oneShop: false, activeStates: new Set(['enabled']), table: `${prefix}users` };
  return { context, ledger: { client: documents, table: `${prefix}rollcall`, now } };
}

/** The whole import, without its write limit and without Shopify. */
export function createBackfillWay(resultUrl: string): Way {
  return async function backfill(connection, count) {
    const { context: usersContext, ledger } = await newTables(connection);
    const users = createUsers({
      ...usersContext,
      client: connection.documents,
      cursors: createCursors(['bench']),
      now,
    });
    const admin: Admin = { query: async () => Promise.reject(new Error('Nobody is to be asked for')) };
    const transport = createTransport({ standInUrl: undefined, timeout: 3_600_000 });
    const createdAt = now().toISOString();
    const url = `${resultUrl}/${count}`;
    const bulk = {
      ...createBulkOperations({ admin, transport }),
      start: async () => ({ kind: 'started' as const, id: 'gid://shopify/BulkOperation/1' }),
      state: async () => ({ status: 'COMPLETED' as const, createdAt, objectCount: count, url }),
    };
    const context = {
      admin,
      usersOf: () => users,
      ledger: createLedger(ledger),
      rules,
      writeLimiter: async () => undefined,
      metrics: createMetrics(),
      log: createLog('silent'),
      now,
    };
    const importCustomers = createImportCustomers(context);
    const run = createBackfill({ ...context, bulk, bulkFinished: createBulkFinished(), importCustomers });
    return async () => {
      const certificate = await (await run.begin(SHOP, new AbortController().signal))?.finished;
      if (certificate?.complete !== true) throw new Error(`Not complete: ${certificate?.problem}`);
    };
  };
}

/** The naive program: GetItem, then PutItem, one customer after the other. */
export async function plainLoop(connection: Connection, count: number): Promise<() => Promise<void>> {
  const { context } = await newTables(connection);
  const { documents } = connection;
  return async () => {
    for (let n = 0; n < count; n += 1) {
      const { customer } = fromGraphql(aNode(n));
      const Key = { user_id: `${SHOP}#${customer.id}` };
      await documents.send(new GetCommand({ TableName: context.table, Key }));
      const { email, firstName, lastName } = customer.profile;
      const Item = {
        ...Key,
        shop: SHOP,
        shopify_id: customer.id,
        is_active: `${SHOP}#true`,
        email,
        first_name: firstName,
        last_name: lastName,
        created_at: customer.createdAt,
      };
      await documents.send(new PutCommand({ TableName: context.table, Item }));
    }
  };
}

/** The import's own updates, built beforehand and only sent, with the same concurrency. */
export async function updatesAlone(connection: Connection, count: number): Promise<() => Promise<void>> {
  const { context } = await newTables(connection);
  const commands: UpdateCommandInput[] = [];
  for (let n = 0; n < count; n += 1) {
    const snapshot = fromGraphql(aNode(n));
    const command = snapshotCommand(
      context,
      await userIdOf(context, snapshot.customer.id),
      snapshot,
      resolveEntitlements(snapshot, new Map(), rules),
      undefined,
    );
    if (command !== undefined) commands.push(command);
  }
  const limit = pLimit(AT_ONCE);
  return async () => {
    await Promise.all(
      commands.map((command) => limit(() => connection.documents.send(new UpdateCommand(command)))),
    );
  };
}
