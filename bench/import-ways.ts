import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
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
import type { Sleep } from '../src/shopify/admin/query-queue.ts';
import { createApplyCustomers } from '../src/sync/full/apply-customers.ts';
import { createBulkFinished } from '../src/sync/full/bulk-finished.ts';
import { createCheckCustomers } from '../src/sync/full/check-customers.ts';
import { runFullSync } from '../src/sync/full/full-sync.ts';
import { createMissingTable } from '../src/tables/ensure-table.ts';
import { createCursors } from '../src/users/lists/cursor.ts';
import { usersTable } from '../src/users/users-schema.ts';
import { snapshotCommand } from '../src/users/snapshot-commands.ts';
import { userIdOf } from '../src/users/user-id.ts';
import { createUsers } from '../src/users/store.ts';
import { aNode } from './a-node.ts';

const SHOP = 'toys.myshopify.com';
/** As many writes as the full sync has under way. */
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

/** The whole full sync, with its write limiter and Shopify left out. */
export function createFullSyncWay(resultUrl: string): Way {
  return async function fullSync(connection, count) {
    const { context: usersContext, ledger: ledgerDeps } = await newTables(connection);
    const users = createUsers({
      ...usersContext,
      client: connection.documents,
      cursors: createCursors(['bench']),
      now,
    });
    const nobody = async () => Promise.reject(new Error('Nobody is to be asked for'));
    const admin: Admin = { query: nobody, read: nobody };
    const transport = createTransport({ standInUrl: undefined, timeout: 3_600_000 });
    const createdAt = now().toISOString();
    const bulk = {
      ...createBulkOperations({ admin, transport }),
      list: async () => [],
      start: async () => ({ kind: 'started' as const, id: 'gid://shopify/BulkOperation/1' }),
      state: async () => ({
        status: 'COMPLETED' as const,
        mark: '',
        errorCode: undefined,
        createdAt,
        rootObjectCount: count,
        url: `${resultUrl}/${count}`,
      }),
    };
    const ledger = createLedger(ledgerDeps);
    const sleep: Sleep = (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal });
    const context = {
      admin,
      usersOf: () => users,
      ledger,
      rules,
      writeLimiter: async () => undefined,
      metrics: createMetrics(),
      log: createLog('silent'),
      now,
      sleep,
    };
    const bulkFinished = createBulkFinished(context);
    const applyCustomers = createApplyCustomers(context);
    const checkCustomers = createCheckCustomers(context);
    const full = { ...context, applyCustomers, checkCustomers, bulk, bulkFinished, bulkStallMinutes: 60 };
    return async () => {
      await ledger.jobs.request(SHOP, 'full', 'full');
      const claim = await ledger.jobs.claim(SHOP, 'full', 'full');
      if (claim === undefined) throw new Error('Nobody else is there to hold the job');
      await runFullSync(full, SHOP, claim, new AbortController().signal);
      const { last } = await ledger.fullSyncReports.latest(SHOP);
      if (last?.complete !== true) throw new Error(`Not complete: ${last?.problem}`);
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

/** The full sync's own updates, made beforehand and only sent, as many at once. */
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
