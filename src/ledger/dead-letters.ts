import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { AppError } from '../errors.ts';

/** An authentic delivery that cannot be read. */
interface DeadLetter {
  readonly shop: string;
  readonly topic: string;
  /** Shopify's id of the delivery: the same delivery once more replaces its letter. */
  readonly webhookId: string;
  readonly body: Uint8Array;
  /** What is wrong, without any value of the body. */
  readonly reason: string;
}

/** A letter as it is listed: nothing of its body. */
interface DeadLetterEntry {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  /** UTC ISO 8601. */
  readonly received_at: string;
}

export interface DeadLetters {
  /** The oldest 100 by id. */
  list(shop: string): Promise<readonly DeadLetterEntry[]>;
  /** The whole letter; undefined if there is none. */
  get(shop: string, webhookId: string): Promise<DeadLetter | undefined>;
  /** What was in it has been brought in. */
  remove(shop: string, webhookId: string): Promise<void>;
  put(letter: DeadLetter): Promise<void>;
}

export interface DeadLettersDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
  readonly now: () => Date;
}

const DAYS = 30;
const MOST = 100;

const entry = z.object({ sk: z.string(), topic: z.string(), reason: z.string(), received_at: z.string() });

// An item holds 400 KB; a webhook's body up to 5 MB.
const PART_BYTES = 350_000;

/**
 * Deliveries set aside for a person to look at; they are gone after 30 days.
 * @throws AppError `store_failed` from every function
 */
export function createDeadLetters({ client, table, now }: DeadLettersDeps): DeadLetters {
  async function putLetter({ shop, topic, webhookId, body, reason }: DeadLetter): Promise<void> {
    const pk = `${shop}#dead_letter`;
    const expires_at = Math.floor(now().getTime() / 1000) + DAYS * 86_400;
    const parts = Math.ceil(body.length / PART_BYTES);
    for (let part = 1; part < parts; part += 1) {
      const bytes = body.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      const Item = {
        pk: `${pk}#${webhookId}`,
        sk: `part#${String(part).padStart(2, '0')}`,
        body: bytes,
        expires_at,
      };
      await client.send(new PutCommand({ TableName: table, Item }));
    }
    // The letter itself comes last: whoever sees it has all of its parts.
    const Item = {
      pk,
      sk: webhookId,
      topic,
      reason,
      received_at: now().toISOString(),
      parts,
      body: body.subarray(0, PART_BYTES),
      expires_at,
    };
    await client.send(new PutCommand({ TableName: table, Item }));
  }

  async function queryParts(pk: string, options: { bodies: boolean }): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        Limit: MOST,
        ...(!options.bodies && {
          ProjectionExpression: 'sk, topic, reason, received_at',
        }),
      }),
    );
    return Items;
  }

  async function getLetter(shop: string, webhookId: string): Promise<DeadLetter | undefined> {
    const pk = `${shop}#dead_letter`;
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk, sk: webhookId } }));
    if (Item === undefined) return undefined;
    const rest = Number(Item['parts']) > 1 ? await queryParts(`${pk}#${webhookId}`, { bodies: true }) : [];
    const bytes = [Item, ...rest].map((part) => part['body']).filter((part) => part instanceof Uint8Array);
    const { topic, reason } = entry.omit({ sk: true, received_at: true }).parse(Item);
    return { shop, webhookId, topic, reason, body: Buffer.concat(bytes) };
  }

  return {
    list: (shop) =>
      orStoreFailed(async () => {
        const items = await queryParts(`${shop}#dead_letter`, { bodies: false });
        return items.map((item) => entry.parse(item)).map(({ sk, ...letter }) => ({ ...letter, id: sk }));
      }),
    get: (shop, webhookId) => orStoreFailed(() => getLetter(shop, webhookId)),
    remove: (shop, webhookId) =>
      orStoreFailed(async () => {
        const Key = { pk: `${shop}#dead_letter`, sk: webhookId };
        await client.send(new DeleteCommand({ TableName: table, Key }));
      }),
    put: (letter) => orStoreFailed(() => putLetter(letter)),
  };
}

async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError('store_failed', 'DynamoDB did not answer about dead letters', { cause });
  }
}
