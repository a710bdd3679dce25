import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Express } from 'express';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { SHOPIFY_CDN, type Config } from './config.ts';
import { connect, connectTokens, SERVER } from './connect.ts';
import { AppError } from './errors.ts';
import { loadPageBuild } from './http/page-build.ts';
import { createPage, type Page } from './http/page.ts';
import { createDeadLetters } from './ledger/dead-letters.ts';
import type { Installs } from './ledger/installs.ts';
import { ledgerTable } from './ledger/schema.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createShopifyApp, setTransport } from './shopify/app.ts';
import { createEnsureInstalled } from './shopify/ensure-installed.ts';
import { createVerifySessionToken } from './shopify/session-token.ts';
import { createTokenRequests } from './shopify/token-requests.ts';
import { createTokens, type Tokens } from './shopify/tokens.ts';
import { createTransport } from './shopify/transport.ts';
import { createVerify } from './shopify/verify.ts';
import { createLifecycle } from './sync/lifecycle.ts';
import { createReceive } from './sync/receive.ts';
import { checkTable, createMissingTable } from './tables/ensure.ts';
import { createCursors } from './users/cursor.ts';
import { usersTable } from './users/schema.ts';
import { createUsers, type Users } from './users/store.ts';

const now = () => new Date();
const PAGE_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

// Three attempts and their waits fit into the lease on a session (shopify/sessions.ts).
const TOKEN_TIMEOUT_MS = 5000;

/** The program, wired. */
export interface Rollcall {
  readonly app: Express;
  readonly usersOf: (shop: string) => Users;
  readonly installs: Installs;
  readonly tokens: Tokens;
  /** Where DynamoDB is; undefined: AWS. */
  readonly endpoint: string | undefined;
  /** Closes what the program opened; call it when no request is under way any more. */
  close(): Promise<void>;
}

/**
 * Builds the program from its settings, the only place that constructs clients. With an endpoint set, missing
 * tables are created; on AWS a missing or different table is an error.
 * @throws AppError `page_missing`, `table_missing`, `table_differs`, `data_directory_busy`, `engine_failed`
 */
export async function wire(config: Config, log: Logger): Promise<Rollcall> {
  const page = await wirePage(config);
  const connection = await connect(config, SERVER);
  const { client, endpoint, close } = connection;
  const documents = DynamoDBDocumentClient.from(client);
  const table = config.tablePrefix + usersTable.name;
  const ledger = config.tablePrefix + ledgerTable.name;

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
      await documents.send(new GetCommand({ TableName: ledger, Key: { pk: 'readyz', sk: 'readyz' } }));
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

  const { activeStates, onlyShop, apiSecrets, apiKey, appUrl } = config;
  const oneShop = onlyShop !== undefined;
  const cursors = createCursors(apiSecrets);
  const usersOf = (shop: string) =>
    createUsers({ client: documents, table, shop, oneShop, activeStates, cursors, now });
  const deadLetters = createDeadLetters({ client: documents, table: ledger, now });
  const metrics = createMetrics();
  const { installs, sessions } = connectTokens(config, connection);
  const lifecycle = createLifecycle({ installs, sessions });
  const receive = createReceive({ onlyShop, usersOf, installs, lifecycle, deadLetters, metrics, log });
  const verify = createVerify(apiSecrets);

  const transport = createTransport({ standInUrl: config.standInUrl, timeout: TOKEN_TIMEOUT_MS });
  setTransport(transport);
  const [shopify, previous] = apiSecrets.map((apiSecret) =>
    createShopifyApp({ apiKey, apiSecret, appUrl }, log),
  );
  if (shopify === undefined) throw new TypeError('loadConfig always gives a secret');
  const verifySession = createVerifySessionToken(
    previous === undefined ? [shopify.api] : [shopify.api, previous.api],
  );
  const requests = createTokenRequests({ api: shopify.api, now });
  const tokens = createTokens({ sessions, requests, log, now });
  const ensureInstalled = createEnsureInstalled({ installs, tokens, log, now });
  const app = createApp({
    verify,
    receive,
    metrics,
    log,
    ready,
    onlyShop,
    usersOf,
    verifySession,
    ensureInstalled,
    shopify,
    requests,
    tokens,
    installs,
    page,
  });
  return { app, usersOf, installs, tokens, endpoint, close };
}

async function wirePage({ apiKey, polarisUrl, adminStandInUrl }: Config): Promise<Page> {
  return createPage({
    build: await loadPageBuild(PAGE_FOLDER),
    apiKey,
    appBridgeUrl: `${adminStandInUrl ?? SHOPIFY_CDN}/shopifycloud/app-bridge.js`,
    polarisUrl,
    admins: ['https://admin.shopify.com', ...(adminStandInUrl === undefined ? [] : [adminStandInUrl])],
  });
}
