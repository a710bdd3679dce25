import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { AppError } from '../errors.ts';
import { addIndexInput, type IndexDefinition, type TableDefinition } from './definition.ts';
import type { Step } from './plan-table.ts';
import { describeTable, type TableDeps } from './table-state.ts';
import { waitUntil } from './wait.ts';

export interface ApplyDeps extends TableDeps {
  /** Takes one line of progress. */
  readonly print: (line: string) => void;
  /** How long to wait for one index, in milliseconds. Building one takes minutes to hours, depending on the table. */
  readonly maxIndexWait: number;
}

const MINUTE = 60_000;

/**
 * Starts to build an index; awaitIndex waits for it.
 * @throws AppError `table_unfinished` if the engine refuses or cannot
 */
export async function addIndex(
  deps: ApplyDeps,
  definition: TableDefinition,
  { index, throughput }: Extract<Step, { kind: 'add_index' }>,
): Promise<void> {
  const table = deps.prefix + definition.name;
  const notAdded = (why: string, cause?: Error) =>
    new AppError(
      'table_unfinished',
      `Index ${index.name} was not added to table ${table}: ${why}.\n` +
        'The embedded engine, dynalite, cannot add an index to an existing table: there, set another TABLE_PREFIX.',
      { cause },
    );
  await awaitActive(deps, definition);
  let answer;
  try {
    answer = await deps.client.send(new UpdateTableCommand(addIndexInput(table, index, throughput)));
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'ValidationException') throw cause;
    throw notAdded(`DynamoDB refused: ${cause.message}`, cause);
  }
  const indexes = answer.TableDescription?.GlobalSecondaryIndexes ?? [];
  // dynalite accepts the call for a table with provisioned throughput but ignores it.
  if (!indexes.some(({ IndexName }) => IndexName === index.name))
    throw notAdded('the engine accepted the call and did nothing');
}

/** Waits until the table accepts a change: DynamoDB makes one at a time. */
export async function awaitActive(deps: ApplyDeps, definition: TableDefinition): Promise<void> {
  const isActive = async () => (await describeTable(deps, definition))?.TableStatus === 'ACTIVE';
  if (!(await waitUntil(isActive, { maxWait: 10 * MINUTE })))
    throw new AppError(
      'table_unfinished',
      `Table ${deps.prefix}${definition.name} is not active after 10 minutes: look at it in the AWS console, then apply again`,
    );
}

/**
 * Waits until an index answers queries.
 * @throws AppError `table_unfinished` after maxIndexWait
 */
export async function awaitIndex(
  deps: ApplyDeps,
  definition: TableDefinition,
  { name }: IndexDefinition,
): Promise<string> {
  const start = Date.now();
  let told = start;
  const isBuilt = async () => {
    const table = await describeTable(deps, definition);
    const index = table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
    const built = index?.IndexStatus === 'ACTIVE' && table?.TableStatus === 'ACTIVE';
    if (!built && Date.now() - told >= MINUTE) {
      told = Date.now();
      deps.print(`  ${name} is being built for ${Math.round((told - start) / MINUTE)} min`);
    }
    return built;
  };
  if (await waitUntil(isBuilt, { maxWait: deps.maxIndexWait })) return `index ${name} is built`;
  throw new AppError(
    'table_unfinished',
    `Index ${name} is still being built. DynamoDB goes on without this command; apply again to wait for it and do the rest.`,
  );
}
