import {
  CreateTableCommand,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '../errors.ts';
import { compareTable } from './compare-table.ts';
import { createTableInput, type TableDefinition } from './definition.ts';
import { describeTable, type TableDeps } from './table-state.ts';

const SEE_PLAN = '`npm run tables -- plan` says what to do';

/**
 * Resolves if the table can be used: its key and indexes are as defined, and every index is built.
 * @throws AppError `table_missing`; `table_differs` with every difference
 */
export async function checkTable(deps: TableDeps, definition: TableDefinition): Promise<void> {
  const name = deps.prefix + definition.name;
  const table = await describeTable(deps, definition);
  if (table === undefined) throw new AppError('table_missing', `Table ${name} does not exist; ${SEE_PLAN}`);
  const { refusals, missing, unready } = compareTable(definition, table);
  const differences = [
    ...refusals,
    ...missing.map((index) => `index ${index.name} is missing`),
    ...unready.map((index) => `index ${index.name} is still being built`),
  ];
  if (differences.length > 0)
    throw new AppError(
      'table_differs',
      `Table ${name} cannot be used: ${differences.join('; ')}; ${SEE_PLAN}`,
    );
}

/** Creates a table and waits until it is active. Safe in several processes at once. */
export async function createTable({ client, prefix }: TableDeps, definition: TableDefinition): Promise<void> {
  const input = createTableInput(definition, prefix);
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 300, minDelay: 0.1, maxDelay: 2 },
    { TableName: input.TableName },
  );
}

/**
 * Turns the time to live on.
 * @returns false if the engine does not support it, as dynalite: items never expire there
 */
export async function enableTtl(
  { client, prefix }: TableDeps,
  { name, ttl }: TableDefinition,
): Promise<boolean> {
  const TimeToLiveSpecification = { Enabled: true, AttributeName: ttl };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: prefix + name, TimeToLiveSpecification }));
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'UnknownOperationException') return false;
    // It is on already: another process was first.
    if (error.name === 'ValidationException') return true;
    throw error;
  }
}

/** Creates the table if it is missing, with its time to live. */
export async function createMissingTable(deps: TableDeps, definition: TableDefinition): Promise<void> {
  if ((await describeTable(deps, definition)) !== undefined) return;
  await createTable(deps, definition);
  await enableTtl(deps, definition);
}
