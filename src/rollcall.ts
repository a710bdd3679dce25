import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Express } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from './http/app.ts';
import { SHOPIFY_CDN, type Config } from './config/config.ts';
import { connect, SERVER } from './dynamodb/connect.ts';
import { AppError } from './errors.ts';
import { loadPageBuild } from './http/page/page-build.ts';
import { createPage, type Page } from './http/page/page-routes.ts';
import type { AttentionNotes } from './ledger/attention.ts';
import type { Installs } from './ledger/installs.ts';
import { createLedger } from './ledger/ledger.ts';
import type { PrivacyRequests } from './ledger/privacy-requests.ts';
import { ledgerTable } from './ledger/ledger-schema.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { Tokens } from './shopify/auth/tokens.ts';
import type { Backfill } from './sync/full/full-sync.ts';
import type { Scheduler } from './sync/scheduler.ts';
import type { Compare } from './sync/full/check.ts';
import type { Reconcile } from './sync/reconcile.ts';
import { checkTable, createMissingTable } from './tables/ensure-table.ts';
import { createCursors } from './users/lists/cursor.ts';
import { usersTable } from './users/users-schema.ts';
import { createAppLifecycle } from './webhooks/app-lifecycle.ts';
import { createHandlePrivacyRequest } from './webhooks/handle-privacy-request.ts';
import { createReceive, createRetry } from './webhooks/receive.ts';
import { createUsers, type Users } from './users/store.ts';
import { createShopify } from './shopify/create-shopify.ts';
import { createSync } from './sync/create-sync.ts';

const now = () => new Date();
const PAGE_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

/** The program, wired. */
export interface Rollcall {
  readonly app: Express;
  readonly usersOf: (shop: string) => Users;
  readonly installs: Installs;
  readonly tokens: Tokens;
  readonly scheduler: Scheduler;
  readonly attention: AttentionNotes;
  readonly privacyRequests: PrivacyRequests;
  readonly backfill: Backfill;
  readonly compare: Compare;
  readonly reconcile: Reconcile;
  /** Where DynamoDB is; undefined: AWS. */
  readonly endpoint: string | undefined;
  /** Finishes what requests have left to be done, within a limit in milliseconds; no request may be under way. */
  drain(limit: number): Promise<void>;
  /** Closes what the program opened; call it when no request is under way any more. */
  close(): Promise<void>;
}

/**
 * Builds the program from its settings, the only place that constructs clients. With an endpoint set, missing
 * tables are created; on AWS a missing or different table is an error.
 * @throws AppError `page_missing`, `table_missing`, `table_differs`, `data_directory_busy`, `engine_failed`
 */
export async function createRollcall(config: Config, log: Logger): Promise<Rollcall> {
  const page = await createPageOf(config);
  const connection = await connect(config, SERVER);
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
  const contextOf = (shop: string) => ({ client: documents, table, shop, oneShop, activeStates, cursors });
  const usersOf = (shop: string) => createUsers({ ...contextOf(shop), now });
  const common = { metrics: createMetrics(), log, now };
  const ledger = createLedger({ client: documents, table: ledgerName, now });
  const shopify = createShopify(config, connection, common);
  const parts = { ...common, ...ledger, ...shopify, usersOf };
  const sync = createSync(config, { ...parts, contextOf });
  const lifecycle = createAppLifecycle(parts);
  const handlePrivacyRequest = createHandlePrivacyRequest(parts);
  const receive = createReceive({ ...parts, ...sync, onlyShop, lifecycle, handlePrivacyRequest });
  const retry = createRetry(receive, ledger.deadLetters);
  const app = createApp({ ...parts, ...sync, receive, retry, ready, onlyShop, page });
  const { scheduler, refreshQueue, backfill, compare, reconcile } = sync;
  const { installs, tokens } = shopify;
  const { attention, privacyRequests } = ledger;

  async function drain(limit: number): Promise<void> {
    // A request to Shopify that is under way may take longer; what it would have brought is found by reconciling.
    const late = sleep(limit, undefined, { ref: false });
    await Promise.race([Promise.all([refreshQueue.drain(limit), scheduler.stop()]), late]);
  }

  return {
    app,
    usersOf,
    installs,
    tokens,
    scheduler,
    backfill,
    compare,
    reconcile,
    attention,
    privacyRequests,
    endpoint,
    drain,
    close,
  };
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
