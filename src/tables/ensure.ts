import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '../errors.ts';
import { compareTable } from './compare.ts';
import { createTableInput, type TableDefinition } from './definition.ts';

export interface TableDeps {
  readonly client: DynamoDBClient;
  /** Put before every table's name. */
  readonly prefix: string;
}

async function describe({ client, prefix }: TableDeps, name: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: prefix + name }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/**
 * Resolves if the table stands as defined.
 * @throws AppError `table_missing` or `table_differs`, with every difference in words
 */
export async function checkTable(deps: TableDeps, definition: TableDefinition): Promise<void> {
  const name = deps.prefix + definition.name;
  const stands = await describe(deps, definition.name);
  if (stands === undefined)
    throw new AppError('table_missing', `Table ${name} does not exist: create it, see docs/operations.md`);
  const differences = compareTable(definition, stands);
  if (differences.length > 0)
    throw new AppError('table_differs', `Table ${name} cannot be used: ${differences.join('; ')}`);
}

/** Creates the table if it is missing and waits until it is active; several processes may do so at once. */
export async function createMissingTable(deps: TableDeps, definition: TableDefinition): Promise<void> {
  if ((await describe(deps, definition.name)) !== undefined) return;
  const input = createTableInput(definition, deps.prefix);
  try {
    await deps.client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client: deps.client, maxWaitTime: 60, minDelay: 0.1, maxDelay: 2 },
    { TableName: input.TableName },
  );
  await enableTtl(deps.client, input.TableName, definition.ttl);
}

async function enableTtl(
  client: DynamoDBClient,
  table: string | undefined,
  attribute: string,
): Promise<void> {
  const specification = { Enabled: true, AttributeName: attribute };
  try {
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: specification }),
    );
  } catch (error) {
    // Local engines do not all know the call (there items do not expire); another process may have been first.
    const tolerated = ['UnknownOperationException', 'ValidationException'];
    if (!(error instanceof Error) || !tolerated.includes(error.name)) throw error;
  }
}
