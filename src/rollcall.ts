import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Express } from 'express';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from './http/app.ts';
import { SHOPIFY_CDN, type Config } from './config/config.ts';
import { connect, REQUESTS, type ClientLimits } from './dynamodb/connect.ts';
import { AppError } from './errors.ts';
import { loadPageBuild } from './http/page/page-build.ts';
import { createPage, type Page } from './http/page/page-routes.ts';
import { createLedger } from './ledger/ledger.ts';
import { ledgerTable } from './ledger/ledger-schema.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { Sleep } from './shopify/admin/query-queue.ts';
import type { Tokens } from './shopify/auth/tokens.ts';
import type { Scheduler } from './sync/scheduler.ts';
import { checkTable, createMissingTable } from './tables/ensure-table.ts';
import { createCursors } from './users/lists/cursor.ts';
import { usersTable } from './users/users-schema.ts';
import type { SyncContext } from './sync/sync-context.ts';
import { createUsers } from './users/store.ts';
import { receive } from './webhooks/receive.ts';
import { createRecordLastChange } from './webhooks/record-last-change.ts';
import type { Delivery } from './webhooks/topics.ts';
import { createWriteLimiter } from './users/write-limiter.ts';
import { createWithSession } from './http/api/session.ts';
import { createShopify } from './shopify/create-shopify.ts';
import type { EnsureInstalledDeps } from './shopify/auth/ensure-installed.ts';
import { scheduleShop } from './sync/schedule-shop.ts';
import { createSync } from './sync/create-sync.ts';

const PAGE_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

const wait: Sleep = (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal });

/** The program. */
export interface Rollcall extends Pick<SyncContext, 'usersOf' | 'ledger'> {
  readonly app: Express;
  /** What the flows of the background work with. */
  readonly context: SyncContext;
  readonly tokens: Tokens;
  readonly scheduler: Scheduler;
  /** Where DynamoDB is; undefined: AWS. */
  readonly endpoint: string | undefined;
  /**
   * Makes safe what requests have left to be done, and from then on what they leave: the process is going to end. Never
   * rejects.
   */
  secure(): Promise<void>;
  /** Finishes what requests have left to be done, within a limit in milliseconds; no request may be under way. */
  drain(limit: number): Promise<void>;
  /** Closes connections. Call it when no request is in flight. */
  close(): Promise<void>;
}

/** Set by tests only. */
export interface Overrides {
  readonly now?: (() => Date) | undefined;
  readonly sleep?: Sleep | undefined;
  /** How long a job's claim outlives its process, in milliseconds. */
  readonly leaseMs?: number | undefined;
  /** Called with each client of DynamoDB, which may be given middleware. */
  readonly prepareClient?: ((client: DynamoDBDocumentClient) => void) | undefined;
  /** Of the clients of DynamoDB. */
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
  const { now = () => new Date(), sleep = wait } = overrides;
  const page = await createPageOf(config);
  const connection = await connect(config, overrides.limits ?? REQUESTS, overrides.limits);
  const { client, documents, endpoint, close } = connection;
  for (const each of [documents, connection.background]) overrides.prepareClient?.(each);
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

  const { activeStates, onlyShop, apiSecrets, reconcileMinutes } = config;
  const oneShop = onlyShop !== undefined;
  const cursors = createCursors(apiSecrets);
  const toStores = (client: DynamoDBDocumentClient) => ({
    usersOf: (shop: string) => createUsers({ client, table, shop, oneShop, activeStates, cursors, now }),
    ledger: createLedger({ client, table: ledgerName, now, leaseMs: overrides.leaseMs }),
  });
  const metrics = createMetrics();
  const writeLimiter = createWriteLimiter(config.syncWriteUnitsPerSecond);
  const { usersOf, ledger } = toStores(documents);
  const onAuthorized: EnsureInstalledDeps['onAuthorized'] = (shop, options) =>
    scheduleShop({ ledger, scheduler }, shop, options);
  const common = { metrics, log, now, sleep };
  const shopify = createShopify(config, connection, { ...common, installs: ledger.installs, onAuthorized });
  const { admin, bulk } = shopify;
  const { tagRules: rules } = config;
  const requests: SyncContext = { ...common, admin, usersOf, ledger, rules, writeLimiter };
  const background: SyncContext = { ...requests, ...toStores(connection.background) };
  const sync = createSync(config, background, { requests, bulk, listing: overrides.listing });
  const { scheduler, refreshQueue } = sync;
  const withSession = createWithSession({ ...shopify, onlyShop });
  const recordLastChange = createRecordLastChange(background);
  const parts = {
    ...requests,
    ...shopify,
    ...sync,
    recordLastChange,
    onAuthorized,
    onlyShop,
    reconcileMinutes,
  };
  const receiveDelivery = (delivery: Delivery) => receive(parts, delivery);
  const app = createApp({ ...parts, receive: receiveDelivery, withSession, ready, page });

  async function drain(limit: number): Promise<void> {
    // A request to Shopify that is under way may take longer; what it would have brought is recorded as pending.
    const late = delay(limit, undefined, { ref: false });
    await Promise.race([Promise.all([refreshQueue.drain(limit), scheduler.stop()]), late]);
  }

  const { tokens } = shopify;
  const { secure } = refreshQueue;
  return { app, usersOf, ledger, context: background, tokens, scheduler, endpoint, secure, drain, close };
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
