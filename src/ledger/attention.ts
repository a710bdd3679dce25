import { DeleteCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { AppError } from '../errors.ts';

/** Something about one customer that a person should look at. */
interface AttentionNote {
  readonly shopifyId: string;
  /** Why, as codes: customers/membership.ts. */
  readonly codes: readonly string[];
  /** UTC ISO 8601. */
  readonly since: string;
}

/** What needs a person's attention, by shop. */
export interface AttentionNotes {
  all(shop: string): Promise<readonly AttentionNote[]>;
  /** Keeps a note for 30 days; it is renewed whenever the reason is seen again. */
  put(shop: string, note: AttentionNote): Promise<void>;
  /** The reason is gone. */
  clear(shop: string, shopifyId: string): Promise<void>;
}

export interface AttentionDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
}

const DAYS = 30;
/** A page of notes is all that anybody looks at. */
const MOST = 200;

const stored = z.object({ sk: z.string(), codes: z.array(z.string()), since: z.string() });

/** @throws AppError `store_failed` from every function */
export function createAttentionNotes({ client, table }: AttentionDeps): AttentionNotes {
  const pk = (shop: string) => `${shop}#attention`;

  async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new AppError('store_failed', 'DynamoDB did not answer about what needs attention', { cause });
    }
  }

  return {
    all: (shop) =>
      orStoreFailed(async () => {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': pk(shop) },
            Limit: MOST,
          }),
        );
        return Items.map((item) => stored.parse(item)).map(({ sk, ...note }) => ({ ...note, shopifyId: sk }));
      }),

    put: (shop, { shopifyId, codes, since }) =>
      orStoreFailed(async () => {
        const expires_at = Math.floor(Date.parse(since) / 1000) + DAYS * 86_400;
        const Item = { pk: pk(shop), sk: shopifyId, codes, since, expires_at };
        await client.send(new PutCommand({ TableName: table, Item }));
      }),

    clear: (shop, shopifyId) =>
      orStoreFailed(async () => {
        await client.send(new DeleteCommand({ TableName: table, Key: { pk: pk(shop), sk: shopifyId } }));
      }),
  };
}
