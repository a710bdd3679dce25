import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config/config.ts';
import { connect, SERVER } from '../../src/dynamodb/connect.ts';
import { connectTokens } from '../../src/shopify/auth/token-store.ts';
import { createAttentionNotes } from '../../src/ledger/attention.ts';
import { createCertificates } from '../../src/ledger/certificates.ts';
import { createJobs } from '../../src/ledger/jobs.ts';
import { createPlans } from '../../src/ledger/plans.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createAdmin } from '../../src/shopify/admin/admin.ts';
import { createShopifyApp, setTransport } from '../../src/shopify/shopify-app.ts';
import { createBulkOperations } from '../../src/shopify/admin/bulk-operations.ts';
import { createTokenRequests } from '../../src/shopify/auth/token-requests.ts';
import { createTokens } from '../../src/shopify/auth/tokens.ts';
import { createTransport } from '../../src/shopify/transport.ts';
import { createBackfill } from '../../src/sync/full/full-sync.ts';
import { createImportCustomers } from '../../src/sync/full/apply-customers.ts';
import { createBulkFinished } from '../../src/sync/full/bulk-finished.ts';
import { createWriteLimiter } from '../../src/users/write-limiter.ts';
import { createRefresh } from '../../src/sync/refresh/refresh.ts';
import { createCursors } from '../../src/users/lists/cursor.ts';
import { createUsers } from '../../src/users/store.ts';
import { SHOP } from './rollcall.ts';

// A replica that does nothing but the backfill, and whose claim outlives it by half a second only. Its argument, if there
// is one: how many customers one listing by pages has.
const [listing] = process.argv.slice(2).map(Number);
const config = loadConfig(process.env);
const { apiKey, apiSecrets, appUrl, standInUrl, activeStates, tagRules: rules } = config;
const connection = await connect(config, SERVER);
const client = connection.documents;
const now = () => new Date();
const log = createLog('info');
const metrics = createMetrics();
const ledger = { client, table: `${config.tablePrefix}rollcall`, now };
const table = `${config.tablePrefix}users`;
const cursors = createCursors(apiSecrets);
const usersOf = (shop: string) =>
  createUsers({ client, table, shop, oneShop: false, activeStates, cursors, now });
const { installs, sessions } = connectTokens(config, connection);
const transport = createTransport({ standInUrl, timeout: 10_000 });
setTransport(transport);
const { api } = createShopifyApp({ apiKey, apiSecret: apiSecrets[0] ?? '', appUrl }, log);
const tokens = createTokens({ sessions, requests: createTokenRequests({ api, now }), log, now });
const admin = createAdmin({ transport, tokens, metrics, log });
const plans = createPlans(ledger);
const attention = createAttentionNotes(ledger);
const refresh = createRefresh({ admin, usersOf, plans, attention, rules, metrics, now });
const writeLimiter = createWriteLimiter(config.syncWriteUnitsPerSecond);
const certificates = createCertificates(ledger);
const backfill = createBackfill({
  admin,
  bulk: createBulkOperations({ admin, transport }),
  importCustomers: createImportCustomers({ usersOf, plans, rules, refresh, attention, writeLimiter, now }),
  jobs: createJobs({ ...ledger, leaseMs: 500 }),
  installs,
  certificates,
  bulkFinished: createBulkFinished(),
  log,
  now,
  ...(listing !== undefined && { listing }),
});
const { signal } = new AbortController();
while (await backfill.isDue(SHOP)) {
  const run = await backfill.begin(SHOP, signal);
  if (run === undefined) await sleep(300);
  else await run.finished;
}
process.stdout.write('done\n');
await connection.close();
