import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Express } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from './http/app.ts';
import { SHOPIFY_CDN, type Config } from './config/config.ts';
import { connect, SERVER, type ClientLimits } from './dynamodb/connect.ts';
import { AppError } from './errors.ts';
import { loadPageBuild } from './http/page/page-build.ts';
import { createPage, type Page } from './http/page/page-routes.ts';
import { createLedger } from './ledger/ledger.ts';
import { ledgerTable } from './ledger/ledger-schema.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { Tokens } from './shopify/auth/tokens.ts';
import type { Backfill } from './sync/full/full-sync.ts';
import type { Scheduler } from './sync/scheduler.ts';
import type { Compare } from './sync/full/check.ts';
import { checkTable, createMissingTable } from './tables/ensure-table.ts';
import { createCursors } from './users/lists/cursor.ts';
import { usersTable } from './users/users-schema.ts';
import type { SyncContext } from './sync/sync-context.ts';
import { createUsers } from './users/store.ts';
import { receive } from './webhooks/receive.ts';
import type { Delivery } from './webhooks/topics.ts';
import { createWriteLimiter } from './users/write-limiter.ts';
import { createWithSession } from './http/api/session.ts';
import { createShopify } from './shopify/create-shopify.ts';
import { createSync } from './sync/create-sync.ts';

const now = () => new Date();
const PAGE_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

export interface Rollcall extends Pick<SyncContext, 'usersOf' | 'ledger'> {
  readonly app: Express;
  readonly context: SyncContext;
  readonly tokens: Tokens;
  readonly scheduler: Scheduler;
  readonly backfill: Backfill;
  readonly compare: Compare;
  /** The URL of DynamoDB; undefined: AWS. */
  readonly endpoint: string | undefined;
  /** Finishes background work within `limit` milliseconds. Call it when no request is in flight. */
  drain(limit: number): Promise<void>;
  /** Closes connections. Call it when no request is in flight. */
  close(): Promise<void>;
}

/** Set by tests only. */
export interface Overrides {
  /** How long the claim of a killed process lasts, in milliseconds. */
  readonly leaseMs?: number | undefined;
  /** Of the DynamoDB client. */
  readonly limits?: ClientLimits | undefined;
  /** Customers in one listing of the page reader; see page-reader.ts. */
  readonly listing?: number | undefined;
}

/**
 * The composition root: the only place that constructs clients. Creates missing tables if an endpoint is set; on AWS a
 * missing or different table is an error.
 * @throws AppError `page_missing`, `table_missing`, `table_differs`, `data_directory_busy`, `engine_failed`
 */
export async function createRollcall(
  config: Config,
  log: Logger,
  overrides: Overrides = {},
): Promise<Rollcall> {
  const page = await createPageOf(config);
  const connection = await connect(config, overrides.limits ?? SERVER);
  const { client, documents, endpoint, close } = connection;
  const table = config.tablePrefix + usersTable.name;
  const ledgerName = config.tablePrefix + ledgerTable.name;

  async function prepareTables(): Promise<void> {
    const deps = { client, prefix: config.tablePrefix };
    for (const definition of [usersTable, ledgerTable]) {
      if (endpoint !== undefined) await createMissingTable(deps, definition);
      await checkTable(deps, definition);
    }
  }

  async function ready(): Promise<void> {
    try {
      await documents.send(new GetCommand({ TableName: table, Key: { user_id: 'readyz' } }));
      await documents.send(new GetCommand({ TableName: ledgerName, Key: { pk: 'readyz', sk: 'readyz' } }));
    } catch (cause) {
      throw new AppError('store_failed', 'The tables do not answer', { cause });
    }
  }

  try {
    await prepareTables();
  } catch (error) {
    await close();
    throw error;
  }

  const { activeStates, onlyShop, apiSecrets } = config;
  const oneShop = onlyShop !== undefined;
  const cursors = createCursors(apiSecrets);
  const usersOf = (shop: string) =>
    createUsers({ client: documents, table, shop, oneShop, activeStates, cursors, now });
  const metrics = createMetrics();
  const ledger = createLedger({ client: documents, table: ledgerName, now, leaseMs: overrides.leaseMs });
  const { installs } = ledger;
  const shopify = createShopify(config, connection, { installs, metrics, log, now });
  const writeLimiter = createWriteLimiter(config.syncWriteUnitsPerSecond);
  const { tagRules: rules } = config;
  const context = { admin: shopify.admin, usersOf, ledger, rules, writeLimiter, metrics, log, now };
  const sync = createSync(config, context, shopify, overrides);
  const withSession = createWithSession({ ...shopify, onlyShop });
  const parts = { ...context, ...shopify, ...sync, onlyShop };
  const receiveDelivery = (delivery: Delivery) => receive(parts, delivery);
  const app = createApp({ ...parts, receive: receiveDelivery, withSession, ready, page });
  const { scheduler, refreshQueue, backfill, compare } = sync;

  async function drain(limit: number): Promise<void> {
    // A request to Shopify may take longer than the limit; reconciling finds its customer.
    const late = sleep(limit, undefined, { ref: false });
    await Promise.race([Promise.all([refreshQueue.drain(limit), scheduler.stop()]), late]);
  }

  const { tokens } = shopify;
  return { app, usersOf, ledger, context, tokens, scheduler, backfill, compare, endpoint, drain, close };
}

async function createPageOf({ apiKey, polarisUrl, adminStandInUrl }: Config): Promise<Page> {
  return createPage({
    build: await loadPageBuild(PAGE_FOLDER),
    apiKey,
    appBridgeUrl: `${adminStandInUrl ?? SHOPIFY_CDN}/shopifycloud/app-bridge.js`,
    polarisUrl,
    admins: ['https://admin.shopify.com', ...(adminStandInUrl === undefined ? [] : [adminStandInUrl])],
  });
}
