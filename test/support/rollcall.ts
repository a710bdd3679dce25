import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { after, before } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import type { ClientLimits } from '../../src/dynamodb/connect.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall, type Overrides, type Rollcall } from '../../src/rollcall.ts';
import { signedHeaders } from '../../simulator/webhooks/deliver.ts';
import { createShop, type Message } from '../../simulator/shop/shop.ts';
import { startShops, type Shops, type ShopsOptions } from '../../simulator/shop/shops.ts';
import { APP, DOMAIN } from '../../simulator/shop/visit.ts';
import { aPrefix } from './tables.ts';
import { startEngine, type Engine } from './engine.ts';
import request from 'supertest';

export const { clientId: API_KEY, secret: SECRET } = APP;
export const SHOP = DOMAIN;
export const OTHER_SHOP = 'other.myshopify.com';
/** 32 bytes in base64. */
export const KEY = Buffer.alloc(32, 'k').toString('base64');

/** Generous, so that a busy machine does not look like a DynamoDB outage. */
export const LIMITS: ClientLimits = {
  connectionTimeout: 30_000,
  requestTimeout: 30_000,
  maxAttempts: 3,
  retryMode: 'standard',
  maxSockets: Infinity,
};

type Item = Record<string, unknown>;

interface Simulated extends Pick<ShopsOptions, 'bulkPolls' | 'limits'> {
  readonly now?: () => Date;
  /** Of the program itself. */
  readonly overrides?: Overrides;
}

/** The whole program on a real engine, with its own tables. */
export interface TestRollcall {
  readonly rollcall: Rollcall;
  readonly engine: Engine;
  readonly documents: DynamoDBDocumentClient;
  /** Simulated: SHOP and OTHER_SHOP. */
  readonly shops: Shops;
  /** Its settings, for a second process. */
  readonly environment: Record<string, string>;
  /** The log so far, as text. */
  readonly logged: () => string;
  readonly table: (name: 'users' | 'rollcall') => string;
  /** Posts a signed webhook to the server; resolves to the status. */
  post(message: Message, options?: { shop?: string; headers?: Record<string, string> }): Promise<number>;
  /** The whole stored item. */
  item(userId: string): Promise<Item | undefined>;
  /** Writes an item as another program would. */
  putItem(item: Item): Promise<void>;
  /** Writes an item of the ledger past the program. */
  putInLedger(item: Item): Promise<void>;
  /** All items of a partition of the ledger. */
  ledger(pk: string): Promise<Item[]>;
  /** With their bodies as text. */
  deadLetters(shop: string): Promise<Item[]>;
}

/**
 * Starts the program before the tests of a file and closes it after them.
 * @param settings in addition to the defaults; see config.ts
 * @param prepare runs before the first test; a second root hook would run concurrently
 * @param simulated of the simulated shops: their clock, and what an operation or a query takes
 */
export function useRollcall(
  settings: Record<string, string> = {},
  prepare: (running: TestRollcall) => Promise<void> = async () => undefined,
  simulated: Simulated = {},
): () => TestRollcall {
  let running: StartedRollcall | undefined;

  before(async () => {
    running = await startRollcall(settings, simulated);
    await prepare(running);
  });
  after(() => running?.close());
  return () => {
    if (running === undefined) throw new Error('The program has not started');
    return running;
  };
}

interface StartedRollcall extends TestRollcall {
  close(): Promise<void>;
}

/** Starts the program outside node:test's hooks; see useRollcall. */
export async function startRollcall(
  settings: Record<string, string> = {},
  { now = () => new Date(), overrides = {}, ...options }: Simulated = {},
): Promise<StartedRollcall> {
  const engine = await startEngine();
  const prefix = aPrefix();
  let sink = '';
  const log = createLog('trace', { write: (line) => void (sink += line) });
  const shops = await startShops({
    shops: [SHOP, OTHER_SHOP].map((domain) => createShop({ domain, now, offset: -300 })),
    app: APP,
    // As at Shopify: a used refresh token works until its successor is used.
    tokens: { refreshAgain: true },
    // Nobody waits for an operation's end or for points, where that is not the test's subject.
    bulkPolls: 1,
    limits: { restoreRate: 100_000 },
    ...options,
  });
  const environment = {
    SHOPIFY_APP_URL: 'https://rollcall.example.com',
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: SECRET,
    DYNAMODB_ENDPOINT: engine.url,
    TOKEN_ENCRYPTION_KEY: KEY,
    SHOPIFY_STANDIN_URL: shops.url,
    TABLE_PREFIX: prefix,
    ...settings,
  };
  const config = loadConfig(environment);
  const rollcall = await createRollcall(config, log, { limits: LIMITS, ...overrides }).catch(
    async (error: unknown) => {
      // The servers would keep the test's process alive.
      await shops.close();
      await engine.close();
      throw error;
    },
  );
  const documents = DynamoDBDocumentClient.from(engine.client);
  const table = (name: string) => prefix + name;

  async function query(pk: string): Promise<Item[]> {
    const command = new QueryCommand({
      TableName: table('rollcall'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    });
    return (await documents.send(command)).Items ?? [];
  }

  return {
    async close() {
      await rollcall.drain(1000);
      await rollcall.close();
      await shops.close();
      await engine.close();
    },
    rollcall,
    engine,
    documents,
    shops,
    environment,
    table,
    logged: () => sink,
    async post(message, { shop = SHOP, headers = {} } = {}) {
      const response = await request(rollcall.app)
        .post('/webhooks')
        .set({ ...signedHeaders(shop, SECRET, message), ...headers })
        .send(message.body);
      return response.status;
    },
    async item(userId) {
      const command = new GetCommand({
        TableName: table('users'),
        Key: { user_id: userId },
        ConsistentRead: true,
      });
      return (await documents.send(command)).Item;
    },
    async putItem(item) {
      await documents.send(new PutCommand({ TableName: table('users'), Item: item }));
    },
    async putInLedger(item) {
      await documents.send(new PutCommand({ TableName: table('rollcall'), Item: item }));
    },
    ledger: query,
    async deadLetters(shop) {
      const letters = await query(`${shop}#dead_letter`);
      return Promise.all(
        letters.map(async (letter) => {
          const rest = await query(`${shop}#dead_letter#${String(letter['sk'])}`);
          const bytes = [letter, ...rest]
            .map((part) => part['body'])
            .filter((part) => part instanceof Uint8Array);
          return { ...letter, body: Buffer.concat(bytes).toString() };
        }),
      );
    },
  };
}
