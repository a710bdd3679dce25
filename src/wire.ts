import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Express } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { createAttentionNotes, type AttentionNotes } from './ledger/attention.ts';
import { createCertificates } from './ledger/certificates.ts';
import { createDrifts } from './ledger/drift.ts';
import { createJobs } from './ledger/jobs.ts';
import { createMerges } from './ledger/merges.ts';
import { createPlans } from './ledger/plans.ts';
import { createReceipts, type Receipts } from './ledger/receipts.ts';
import { createComply } from './privacy/compliance.ts';
import { createSyncStates } from './ledger/sync-state.ts';
import { createAdmin } from './shopify/admin.ts';
import { createBulkOperations } from './shopify/bulk-operations.ts';
import { createBackfill, type Backfill } from './sync/backfill.ts';
import { createBackground, type Background } from './sync/background.ts';
import { createCompare, type Compare } from './sync/compare.ts';
import { createCountPeople } from './sync/count-people.ts';
import { createJudgeCustomers } from './sync/differences.ts';
import { createFanOut } from './sync/fan-out.ts';
import { createImportCustomers } from './sync/import-customers.ts';
import { createSetFlags } from './sync/flags.ts';
import { createNudges } from './sync/nudges.ts';
import { createGiveFlags } from './sync/give-flags.ts';
import { createMoveFlags } from './sync/move-flags.ts';
import { createReadOrigins } from './sync/origins.ts';
import { createPace } from './sync/pace.ts';
import { createReconcile } from './sync/reconcile.ts';
import { createReadPlans } from './sync/read-plans.ts';
import { createRefresh } from './sync/refresh.ts';
import { createRefreshQueue } from './sync/refresh-queue.ts';
import { createMembers } from './users/members.ts';
import { createMerged } from './users/merged.ts';
import { createVerify } from './shopify/verify.ts';
import { createLifecycle } from './sync/lifecycle.ts';
import { createReadState } from './sync/state.ts';
import { createReceive, createRetry } from './sync/receive.ts';
import { checkTable, createMissingTable } from './tables/ensure.ts';
import { countList } from './users/count.ts';
import type { UserQuery } from './users/list.ts';
import { createCursors } from './users/cursor.ts';
import { usersTable } from './users/schema.ts';
import { createUsers, type Users } from './users/store.ts';

const now = () => new Date();
const PAGE_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

// Three attempts and their waits fit into the lease on a session (shopify/sessions.ts).
const TOKEN_TIMEOUT_MS = 5000;
const ADMIN_TIMEOUT_MS = 10_000;
// A download goes no faster than what it brings is written; cut off, it goes on where it was.
const DOWNLOAD_TIMEOUT_MS = 3_600_000;

/** The program, wired. */
export interface Rollcall {
  readonly app: Express;
  readonly usersOf: (shop: string) => Users;
  readonly installs: Installs;
  readonly tokens: Tokens;
  readonly background: Background;
  readonly attention: AttentionNotes;
  readonly receipts: Receipts;
  readonly backfill: Backfill;
  readonly compare: Compare;
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
export async function wire(config: Config, log: Logger): Promise<Rollcall> {
  const page = await wirePage(config);
  const connection = await connect(config, SERVER);
  const { client, documents, endpoint, close } = connection;
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
  const contextOf = (shop: string) => ({ client: documents, table, shop, oneShop, activeStates, cursors });
  const usersOf = (shop: string) => createUsers({ ...contextOf(shop), now });
  const deadLetters = createDeadLetters({ client: documents, table: ledger, now });
  const metrics = createMetrics();
  const { installs, sessions } = connectTokens(config, connection);
  const { standInUrl } = config;
  setTransport(createTransport({ standInUrl, timeout: TOKEN_TIMEOUT_MS }));
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
  const transport = createTransport({ standInUrl, timeout: ADMIN_TIMEOUT_MS });
  const admin = createAdmin({ transport, tokens, metrics, log });

  const inLedger = { client: documents, table: ledger, now };
  const plans = createPlans(inLedger);
  const states = createSyncStates(inLedger);
  const attention = createAttentionNotes(inLedger);
  const receipts = createReceipts(inLedger);
  const rules = config.tagRules;
  const refresh = createRefresh({ admin, usersOf, plans, attention, rules, metrics, now });
  const refreshQueue = createRefreshQueue({ refresh, states, metrics, log, now });
  const setFlags = createSetFlags({ admin, usersOf, refresh, attention });
  const merges = createMerges(inLedger);
  const mergedOf = (shop: string) => createMerged(contextOf(shop));
  const giveFlags = createGiveFlags({ admin, rules });
  const moveFlags = createMoveFlags({ giveFlags, mergedOf, merges, attention, refresh, log, now });
  const pace = createPace(config.syncWriteUnitsPerSecond);
  const membersOf = (shop: string) => createMembers(contextOf(shop));
  const jobs = createJobs(inLedger);
  const fanOut = createFanOut({ plans, membersOf, jobs, pace, log, now });
  const readPlans = createReadPlans({ admin, plans, log, now });
  const comparing = { admin, usersOf, refresh, plans, jobs, rules, metrics, log, now };
  const reconcile = createReconcile({ ...comparing, installs, states });
  const countOf = (shop: string, query: UserQuery) => countList(contextOf(shop), query);
  const countPeople = createCountPeople({ countOf, plans, states, now });
  const { reconcileMinutes } = config;
  const downloads = createTransport({ standInUrl, timeout: DOWNLOAD_TIMEOUT_MS });
  const bulk = createBulkOperations({ admin, transport: downloads });
  const importCustomers = createImportCustomers({ usersOf, plans, rules, refresh, attention, pace, now });
  const certificates = createCertificates(inLedger);
  const nudges = createNudges();
  const reading = { admin, bulk, nudges, jobs, certificates, log, now };
  const backfill = createBackfill({ ...reading, importCustomers, installs });
  const drifts = createDrifts(inLedger);
  const judge = createJudgeCustomers({ admin, usersOf, plans, refresh, rules, pace });
  const compare = createCompare({ ...reading, usersOf, plans, rules, judge, drifts, metrics });
  const background = createBackground({
    installs,
    states,
    readPlans,
    fanOut,
    moveFlags,
    backfill,
    compare,
    reconcile,
    countPeople,
    reconcileMinutes,
    log,
    now,
  });

  const lifecycle = createLifecycle({ installs, sessions });
  const receive = createReceive({
    onlyShop,
    usersOf,
    installs,
    lifecycle,
    refreshQueue,
    background,
    merges,
    comply: createComply({ receipts, usersOf, now }),
    nudges,
    deadLetters,
    metrics,
    log,
    now,
  });
  const verify = createVerify(apiSecrets);
  const app = createApp({
    verify,
    receive,
    metrics,
    log,
    ready,
    onlyShop,
    usersOf,
    plans,
    states,
    setFlags,
    readOrigins: createReadOrigins({ admin, usersOf, plans, rules }),
    readState: createReadState({
      installs,
      sessions,
      states,
      deadLetters,
      attention,
      receipts,
      jobs,
      certificates,
      drifts,
      now,
    }),
    drifts,
    retry: createRetry(receive, deadLetters),
    reconcile,
    background,
    verifySession,
    ensureInstalled,
    shopify,
    requests,
    tokens,
    installs,
    page,
  });

  async function drain(limit: number): Promise<void> {
    // A request to Shopify that is under way may take longer; what it would have brought is found by reconciling.
    const late = sleep(limit, undefined, { ref: false });
    await Promise.race([Promise.all([refreshQueue.drain(limit), background.stop()]), late]);
  }

  return {
    app,
    usersOf,
    installs,
    tokens,
    background,
    backfill,
    compare,
    attention,
    receipts,
    endpoint,
    drain,
    close,
  };
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
