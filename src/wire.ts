import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Express } from 'express';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createApp } from './app.ts';
import type { Config, TablesConfig } from './config.ts';
import { startEmbedded } from './embedded.ts';
import { AppError } from './errors.ts';
import { createDeadLetters } from './ledger/dead-letters.ts';
import { ledgerTable } from './ledger/schema.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createApi } from './shopify/api.ts';
import { createVerifySessionToken } from './shopify/session-token.ts';
import { createVerify } from './shopify/verify.ts';
import { createReceive } from './sync/receive.ts';
import { checkTable, createMissingTable } from './tables/ensure.ts';
import { createCursors } from './users/cursor.ts';
import { usersTable } from './users/schema.ts';
import { createUsers, type Users } from './users/store.ts';

const now = () => new Date();

/** The program, wired. */
export interface Rollcall {
  readonly app: Express;
  readonly usersOf: (shop: string) => Users;
  /** Where DynamoDB is; undefined: AWS. */
  readonly endpoint: string | undefined;
  /** Closes what the program opened; call it when no request is under way any more. */
  close(): Promise<void>;
}

/** How long a client tries. */
interface Patience {
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly maxAttempts: number;
  readonly retryMode: 'standard' | 'adaptive';
}

// Three attempts of at most 1.2 s each fit into the 5 s that Shopify waits.
const SERVER: Patience = { requestTimeout: 1200, maxAttempts: 3, retryMode: 'standard' };
// `adaptive` sends more slowly where a table with little throughput refuses.
export const OPERATOR: Patience = { requestTimeout: 10_000, maxAttempts: 8, retryMode: 'adaptive' };

/** One client for everything. The SDK's own defaults have no limit of time. */
function createClient(
  region: string,
  endpoint: string | undefined,
  { requestTimeout, maxAttempts, retryMode }: Patience,
): DynamoDBClient {
  const agent = { keepAlive: true, maxSockets: 200 };
  return new DynamoDBClient({
    region,
    maxAttempts,
    retryMode,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 500,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    }),
    // A local engine takes any credentials, and must never be sent the real ones.
    ...(endpoint !== undefined && {
      endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
}

/** A way to the tables. */
interface Connection {
  readonly client: DynamoDBClient;
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Connects to the tables; starts the embedded engine if the settings say so.
 * @throws AppError `data_directory_busy`, `engine_failed`
 */
export async function connect(config: TablesConfig, patience: Patience): Promise<Connection> {
  const embedded = config.dynamo.kind === 'embedded' ? await startEmbedded('.data/dynalite') : undefined;
  const endpoint = config.dynamo.kind === 'endpoint' ? config.dynamo.url : embedded?.url;
  const client = createClient(config.region, endpoint, patience);
  return {
    client,
    endpoint,
    close: async () => {
      client.destroy();
      await embedded?.close();
    },
  };
}

/**
 * Builds the program from its settings, the only place that constructs clients. With an endpoint set, missing
 * tables are created; on AWS a missing or different table is an error.
 * @throws AppError `table_missing`, `table_differs`, `data_directory_busy`, `engine_failed`
 */
export async function wire(config: Config, log: Logger): Promise<Rollcall> {
  const { client, endpoint, close } = await connect(config, SERVER);
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
  const receive = createReceive({ onlyShop, usersOf, deadLetters, metrics, log });
  const verify = createVerify(apiSecrets);
  const apis = apiSecrets.map((apiSecret) => createApi({ apiKey, apiSecret, appUrl }, log));
  const verifySession = createVerifySessionToken(apis);
  return {
    app: createApp({ verify, receive, metrics, log, ready, verifySession, onlyShop, usersOf }),
    usersOf,
    endpoint,
    close,
  };
}
