import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { createTableInput } from '../../src/tables/definition.ts';
import { usersTable } from '../../src/users/users-schema.ts';

const THROUGHPUT = { ReadCapacityUnits: 5, WriteCapacityUnits: 7 };

/** The users table as the platform's own program once created it: three indexes. */
export function originalTable(billing: 'PROVISIONED' | 'PAY_PER_REQUEST'): CreateTableCommandInput {
  const names = new Set(['shopify_id-index', 'admin-created_at-index', 'featured_author-created_at-index']);
  const indexes = usersTable.indexes.filter(({ name }) => names.has(name));
  const units = billing === 'PROVISIONED' ? { ProvisionedThroughput: THROUGHPUT } : {};
  const input = createTableInput({ ...usersTable, indexes }, '');
  return {
    ...input,
    BillingMode: billing,
    ...units,
    GlobalSecondaryIndexes: input.GlobalSecondaryIndexes?.map((index) => ({ ...index, ...units })),
  };
}

/** What DescribeTable says of a table that was created so, on DynamoDB itself. */
export function describe({ BillingMode, ...input }: CreateTableCommandInput): TableDescription {
  return {
    ...input,
    TableStatus: 'ACTIVE',
    DeletionProtectionEnabled: true,
    ...(BillingMode === 'PAY_PER_REQUEST' && { BillingModeSummary: { BillingMode } }),
    GlobalSecondaryIndexes: input.GlobalSecondaryIndexes?.map((index) => ({
      ...index,
      IndexStatus: 'ACTIVE',
    })),
  };
}

export async function createOriginalTable(
  client: DynamoDBClient,
  prefix: string,
  billing: 'PROVISIONED' | 'PAY_PER_REQUEST' = 'PAY_PER_REQUEST',
): Promise<void> {
  await client.send(new CreateTableCommand({ ...originalTable(billing), TableName: `${prefix}users` }));
}

/** Before the names of tables, so that they are a test's own. */
export const aPrefix = (): string => `t${randomUUID().slice(0, 8)}_`;
