import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';

/** A job that this process alone works on, until it lets go or has not been heard of for half a minute. */
export interface JobClaim {
  /** What was saved last, by whichever process; undefined at the first claim. */
  readonly progress: unknown;
  /** How long the claim lasts after it was saved last, in milliseconds. */
  readonly leaseMs: number;
  /** Saves progress and keeps the claim. False: another process has taken over; stop. */
  save(progress: object): Promise<boolean>;
  release(): Promise<void>;
}

/** Long work, one process at a time for each job, resumable by any other. */
export interface Jobs {
  /** Undefined as long as another process works on it. */
  claim(shop: string, id: string): Promise<JobClaim | undefined>;
  /** The saved progress of the shop's jobs, by id. */
  list(shop: string): Promise<ReadonlyMap<string, unknown>>;
}

export interface JobsDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
  readonly now: () => Date;
  /** How long a claim outlives its process, in milliseconds. */
  readonly leaseMs?: number;
}

/** @throws AppError `store_failed` from every function */
export function createJobs({ client, table, now, leaseMs = 30_000 }: JobsDeps): Jobs {
  async function change(
    shop: string,
    id: string,
    expression: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: `${shop}#job`, sk: id },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes ?? {};
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) return undefined;
      throw new AppError('store_failed', 'DynamoDB did not keep a job', { cause });
    }
  }

  return {
    async claim(shop, id) {
      const holder = randomUUID();
      const time = now().getTime();
      const item = await change(
        shop,
        id,
        'SET holder = :holder, held_until = :until',
        'attribute_not_exists(held_until) OR held_until < :now',
        { ':holder': holder, ':until': time + leaseMs, ':now': time },
      );
      if (item === undefined) return undefined;
      return {
        progress: item['progress'],
        leaseMs,
        async save(progress) {
          const saved = await change(
            shop,
            id,
            'SET progress = :progress, held_until = :until',
            'holder = :holder',
            { ':progress': progress, ':until': now().getTime() + leaseMs, ':holder': holder },
          );
          return saved !== undefined;
        },
        async release() {
          await change(shop, id, 'REMOVE holder, held_until', 'holder = :holder', { ':holder': holder });
        },
      };
    },

    async list(shop) {
      try {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': `${shop}#job` },
          }),
        );
        return new Map(Items.map((item) => [String(item['sk']), item['progress']]));
      } catch (cause) {
        throw new AppError('store_failed', 'DynamoDB did not answer about jobs', { cause });
      }
    },
  };
}
