import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbedded } from '../../src/dynamodb/embedded.ts';

export interface Engine {
  readonly url: string;
  /** A client of the test's own, to read tables. */
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

const external = process.env['DYNAMODB_ENDPOINT'];

/** Whether the engine counts capacity units as DynamoDB does. dynalite does not. */
export const countsUnits = external !== undefined;

/** Whether the engine can add an index to an existing table. dynalite cannot. */
export const addsIndexes = external !== undefined;

/** Whether the engine is fast enough for many thousand items in one test. dynalite is not. */
export const isQuick = external !== undefined;

/** The DynamoDB engine under test: dynalite in memory, or the one at DYNAMODB_ENDPOINT. */
export async function startEngine(): Promise<Engine> {
  const embedded = external === undefined ? await startEmbedded() : undefined;
  const url = external ?? embedded?.url ?? '';
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
