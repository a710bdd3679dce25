import type { Config } from '../config/config.ts';
import type { Connection } from '../dynamodb/connect.ts';
import { connectSessions } from './auth/connect-sessions.ts';
import type { Installs } from '../ledger/installs.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { TakeApiVersion } from './api-version.ts';
import { createAdmin, type Admin } from './admin/admin.ts';
import { createShopifyApp, setTransport } from './shopify-app.ts';
import { createBulkOperations, type BulkOperations } from './admin/bulk-operations.ts';
import {
  createEnsureInstalled,
  type EnsureInstalled,
  type EnsureInstalledDeps,
} from './auth/ensure-installed.ts';
import { createVerifySessionToken, type VerifySessionToken } from './auth/session-token.ts';
import type { Sessions } from './auth/sessions.ts';
import { createTokenHealth, type TokenHealth } from './auth/token-health.ts';
import { createTokenRequests, type TokenRequests } from './auth/token-requests.ts';
import { createTokens, type Tokens } from './auth/tokens.ts';
import { createTransport } from './transport.ts';
import { createVerify, type Verify } from './verify.ts';

// Three attempts with their waits fit into the lease of a session (auth/sessions.ts).
const TOKEN_TIMEOUT_MS = 5000;
const ADMIN_TIMEOUT_MS = 10_000;
// A download is as slow as the writes of its lines. If it times out, the reader resumes it.
const DOWNLOAD_TIMEOUT_MS = 3_600_000;

/** Everything that talks to Shopify. */
export interface ShopifyParts {
  readonly sessions: Sessions;
  readonly shopify: ReturnType<typeof createShopifyApp>;
  readonly verify: Verify;
  readonly verifySession: VerifySessionToken;
  readonly requests: TokenRequests;
  readonly tokenHealth: TokenHealth;
  readonly tokens: Tokens;
  readonly ensureInstalled: EnsureInstalled;
  readonly admin: Admin;
  readonly bulk: BulkOperations;
}

interface Deps {
  readonly installs: Installs;
  readonly onAuthorized: EnsureInstalledDeps['onAuthorized'];
  readonly takeApiVersion: TakeApiVersion;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

export function createShopify(
  config: Config,
  connection: Connection,
  { installs, onAuthorized, takeApiVersion, metrics, log, now }: Deps,
): ShopifyParts {
  const { apiSecrets, apiKey, appUrl, standInUrl } = config;
  const sessions = connectSessions(config, connection);
  setTransport(createTransport({ standInUrl, timeout: TOKEN_TIMEOUT_MS }));
  const [shopify, previous] = apiSecrets.map((apiSecret) =>
    createShopifyApp({ apiKey, apiSecret, appUrl }, log),
  );
  if (shopify === undefined) throw new TypeError('loadConfig always gives a secret');
  const apis = previous === undefined ? ([shopify.api] as const) : ([shopify.api, previous.api] as const);
  const tokenHealth = createTokenHealth({ metrics, log, now });
  const requests = createTokenRequests({ apis, health: tokenHealth, now });
  const tokens = createTokens({ sessions, requests, log, now });
  const transport = createTransport({ standInUrl, timeout: ADMIN_TIMEOUT_MS });
  const downloads = createTransport({ standInUrl, timeout: DOWNLOAD_TIMEOUT_MS });
  const admin = createAdmin({ transport, tokens, takeApiVersion, metrics, log });
  return {
    sessions,
    shopify,
    verify: createVerify(apiSecrets),
    verifySession: createVerifySessionToken(apis),
    requests,
    tokenHealth,
    tokens,
    ensureInstalled: createEnsureInstalled({ installs, tokens, onAuthorized, log, now }),
    admin,
    bulk: createBulkOperations({ admin, transport: downloads }),
  };
}
