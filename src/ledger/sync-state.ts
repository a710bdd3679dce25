import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { AppError } from '../errors.ts';

/** How far the users of one shop are what the shop says. Instants are UTC ISO 8601. */
interface SyncState {
  /** Since when customers are known to wait for a snapshot that failed or was dropped; undefined: none. */
  readonly unrefreshedSince?: string | undefined;
  /** When the shop's plans were read last. */
  readonly plansReadAt?: string | undefined;
  /** Up to which change customers were compared with Shopify. */
  readonly watermark?: string | undefined;
  readonly reconciled?: Reconciled | undefined;
}

/** The last comparison of what changed at Shopify with the users. */
interface Reconciled {
  readonly at: string;
  /** Customers changed since the one before, as far as they were looked at. */
  readonly changes: number;
  /** Of those, users that were not what the shop said. */
  readonly healed: number;
}

export interface SyncStates {
  get(shop: string): Promise<SyncState>;
  /** Notes that snapshots are missing; the first note stands. */
  noteUnrefreshed(shop: string): Promise<void>;
  /**
   * Notes a comparison. What was known to be unrefreshed when it began is not any more, if it began where the one
   * before had ended.
   */
  noteReconciled(shop: string, done: Reconciled & { watermark: string }, began: SyncState): Promise<void>;
  /** True for the one process that may read the plans now, at most once in an interval in milliseconds. */
  takePlansTurn(shop: string, interval: number): Promise<boolean>;
}

export interface SyncStatesDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
  readonly now: () => Date;
}

const stored = z.object({
  unrefreshed_since: z.string().optional(),
  plans_read_at: z.string().optional(),
  watermark: z.string().optional(),
  reconciled: z.object({ at: z.string(), changes: z.number(), healed: z.number() }).optional(),
});

/** @throws AppError `store_failed` from every function */
export function createSyncStates({ client, table, now }: SyncStatesDeps): SyncStates {
  const keyOf = (shop: string) => ({ pk: shop, sk: 'sync' });

  async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new AppError('store_failed', 'DynamoDB did not answer about the state of a sync', { cause });
    }
  }

  async function read(shop: string): Promise<z.infer<typeof stored>> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(shop) }));
    return stored.parse(Item ?? {});
  }

  return {
    get: (shop) =>
      orStoreFailed(async () => {
        const { unrefreshed_since, plans_read_at, ...state } = await read(shop);
        return { ...state, unrefreshedSince: unrefreshed_since, plansReadAt: plans_read_at };
      }),

    noteUnrefreshed: (shop) =>
      orStoreFailed(async () => {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(shop),
            UpdateExpression: 'SET unrefreshed_since = if_not_exists(unrefreshed_since, :now)',
            ExpressionAttributeValues: { ':now': now().toISOString() },
          }),
        );
      }),

    noteReconciled: (shop, { watermark, ...reconciled }, { unrefreshedSince }) =>
      orStoreFailed(async () => {
        const values = { ':reconciled': reconciled, ':watermark': watermark };
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(shop),
            UpdateExpression: 'SET reconciled = :reconciled, watermark = :watermark',
            ExpressionAttributeValues: values,
          }),
        );
        if (unrefreshedSince === undefined) return;
        try {
          await client.send(
            new UpdateCommand({
              TableName: table,
              Key: keyOf(shop),
              UpdateExpression: 'REMOVE unrefreshed_since',
              ConditionExpression: 'unrefreshed_since = :since',
              ExpressionAttributeValues: { ':since': unrefreshedSince },
            }),
          );
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }),

    takePlansTurn: (shop, interval) =>
      orStoreFailed(async () => {
        const time = now();
        const due = new Date(time.getTime() - interval).toISOString();
        // A look is cheaper than a write that is refused, which is the usual case.
        if (((await read(shop)).plans_read_at ?? '') > due) return false;
        try {
          await client.send(
            new UpdateCommand({
              TableName: table,
              Key: keyOf(shop),
              UpdateExpression: 'SET plans_read_at = :now',
              ConditionExpression: 'attribute_not_exists(plans_read_at) OR plans_read_at <= :due',
              ExpressionAttributeValues: { ':now': time.toISOString(), ':due': due },
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
  };
}
