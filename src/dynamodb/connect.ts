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
}

// Three attempts of 1.2 s fit into the 5 s that Shopify waits for a webhook's answer.
export const SERVER: ClientLimits = {
  connectionTimeout: 500,
  requestTimeout: 1200,
  maxAttempts: 3,
  retryMode: 'standard',
};
// `adaptive` slows down when a table with little provisioned throughput throttles.
export const OPERATOR: ClientLimits = {
  connectionTimeout: 500,
  requestTimeout: 10_000,
  maxAttempts: 8,
  retryMode: 'adaptive',
};

/** The SDK has no request timeout by default. */
function createClient(
  region: string,
  endpoint: string | undefined,
  { connectionTimeout, requestTimeout, maxAttempts, retryMode }: ClientLimits,
): DynamoDBClient {
  const agent = { keepAlive: true, maxSockets: 200 };
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
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Connects to the tables; starts the embedded engine if the settings say so.
 * @throws AppError `data_directory_busy`, `engine_failed`
 */
export async function connect(config: TablesConfig, limits: ClientLimits): Promise<Connection> {
  const embedded = config.dynamo.kind === 'embedded' ? await startEmbedded('.data/dynalite') : undefined;
  const endpoint = config.dynamo.kind === 'endpoint' ? config.dynamo.url : embedded?.url;
  const client = createClient(config.region, endpoint, limits);
  return {
    client,
    documents: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    endpoint,
    close: async () => {
      client.destroy();
      await embedded?.close();
    },
  };
}
