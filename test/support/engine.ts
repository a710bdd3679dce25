import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbedded } from '../../src/dynamodb/embedded.ts';

export interface Engine {
  readonly url: string;
  /** A client to look at what stands, beside the program's own. */
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

const external = process.env['DYNAMODB_ENDPOINT'];

/** True if the engine counts capacity units as DynamoDB does. dynalite's figures are wrong. */
export const countsUnits = external !== undefined;

/** True if the engine adds an index to a table that stands. dynalite cannot. */
export const addsIndexes = external !== undefined;

/** The dynalite that all processes of one `npm test` share, so that not each has to start its own. */
const shared = process.env['TEST_ENGINE_URL'];

/** The DynamoDB engine under test: dynalite in memory, or what DYNAMODB_ENDPOINT names. */
export async function startEngine(): Promise<Engine> {
  const running = external ?? shared;
  const embedded = running === undefined ? await startEmbedded() : undefined;
  const url = running ?? embedded?.url ?? '';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  return {
    url,
    client,
    async close() {
      client.destroy();
      await embedded?.close();
    },
  };
}
