import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ResourceNotFoundException,
  type DynamoDBClient,
  type TableDescription,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb';
import type { TableDefinition } from './definition.ts';

export interface TableDeps {
  readonly client: DynamoDBClient;
  /** The prefix of every table's name. */
  readonly prefix: string;
}

/** A table's current state. Undefined: the engine does not support it. */
export interface TableState {
  readonly table: TableDescription;
  readonly ttl: TimeToLiveDescription | undefined;
  /** Whether point-in-time recovery is on. */
  readonly recovery: boolean | undefined;
}

/** Undefined if there is no such table. */
export async function describeTable(
  { client, prefix }: TableDeps,
  { name }: TableDefinition,
): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: prefix + name }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The result of a call; undefined if the engine does not support it. */
export async function ifKnown<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === 'UnknownOperationException') return undefined;
    throw error;
  }
}

/** What planTable needs to know of a table; undefined if there is no such table. */
export async function describeState(
  deps: TableDeps,
  definition: TableDefinition,
): Promise<TableState | undefined> {
  const table = await describeTable(deps, definition);
  if (table === undefined) return undefined;
  const { client } = deps;
  const input = { TableName: deps.prefix + definition.name };
  const ttl = await ifKnown(client.send(new DescribeTimeToLiveCommand(input)));
  const backups = await ifKnown(client.send(new DescribeContinuousBackupsCommand(input)));
  const recovery = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return {
    table,
    ttl: ttl?.TimeToLiveDescription,
    recovery: backups && recovery?.PointInTimeRecoveryStatus === 'ENABLED',
  };
}
