import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { TablesConfig } from '../config/config.ts';
import { startEmbedded } from './embedded.ts';

/** Time limits and retries of a client. */
export interface ClientLimits {
  /** Milliseconds, including the wait for a free socket. */
  readonly connectionTimeout: number;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly maxAttempts: number;
  readonly retryMode: 'standard' | 'adaptive';
  readonly maxSockets: number;
}

// Three attempts of at most 1.2 s each fit into the 5 s that Shopify waits. As many sockets as there are requests, which
// the server bounds: waiting for a free one would count as a connection that does not come about.
export const REQUESTS: ClientLimits = {
  connectionTimeout: 500,
  requestTimeout: 1200,
  maxAttempts: 3,
  retryMode: 'standard',
  maxSockets: Infinity,
};
// Nobody waits for it. Its sockets are its own, so that it never takes one from a webhook; waiting for one takes a while.
const BACKGROUND: ClientLimits = {
  connectionTimeout: 10_000,
  requestTimeout: 10_000,
  maxAttempts: 8,
  retryMode: 'standard',
  maxSockets: 64,
};
// `adaptive` sends more slowly where a table with little throughput refuses.
export const OPERATOR: ClientLimits = { ...BACKGROUND, connectionTimeout: 2000, retryMode: 'adaptive' };

/** The SDK's own defaults have no limit of time. */
function createClient(
  region: string,
  endpoint: string | undefined,
  { connectionTimeout, requestTimeout, maxAttempts, retryMode, maxSockets }: ClientLimits,
): DynamoDBClient {
  const agent = { keepAlive: true, maxSockets };
  return new DynamoDBClient({
    region,
    maxAttempts,
    retryMode,
    requestHandler: new NodeHttpHandler({
      connectionTimeout,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    }),
    // A local engine accepts any credentials and must never receive the real ones.
    ...(endpoint !== undefined && {
      endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
}

/** A connection to the tables. */
export interface Connection {
  readonly client: DynamoDBClient;
  /** The document client on top of it: items as plain objects. */
  readonly documents: DynamoDBDocumentClient;
  /** Another one with limits of its own, for what no request waits for. */
  readonly background: DynamoDBDocumentClient;
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly close: () => Promise<void>;
}

const toDocuments = (client: DynamoDBClient) =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/**
 * Connects to the tables; starts the embedded engine if the settings say so.
 * @throws AppError `data_directory_busy`, `engine_failed`
 */
export async function connect(
  config: TablesConfig,
  limits: ClientLimits,
  backgroundLimits: ClientLimits = BACKGROUND,
): Promise<Connection> {
  const embedded = config.dynamo.kind === 'embedded' ? await startEmbedded('.data/dynalite') : undefined;
  const endpoint = config.dynamo.kind === 'endpoint' ? config.dynamo.url : embedded?.url;
  const client = createClient(config.region, endpoint, limits);
  const background = createClient(config.region, endpoint, backgroundLimits);
  return {
    client,
    documents: toDocuments(client),
    background: toDocuments(background),
    endpoint,
    close: async () => {
      client.destroy();
      background.destroy();
      await embedded?.close();
    },
  };
}
