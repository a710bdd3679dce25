import {
  ContinuousBackupsUnavailableException,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { AppError } from '../errors.ts';
import { addIndex, awaitActive, awaitIndex, type ApplyDeps } from './add-index.ts';
import type { TableDefinition } from './definition.ts';
import { createTable, enableTtl } from './ensure-table.ts';
import { planTable, type Step } from './plan-table.ts';
import { ifKnown, describeState, type TableDeps } from './table-state.ts';
import { waitUntil } from './wait.ts';

/**
 * Brings the tables to their definitions: creates missing tables and adds missing indexes, one at a time. Never deletes.
 * Run again, it continues where it stopped.
 * @throws AppError `table_refused`, before any change, if a table cannot be converted; `table_unfinished` if DynamoDB
 *   refuses a step or does not finish it in time
 */
export async function applyTables(deps: ApplyDeps, definitions: readonly TableDefinition[]): Promise<void> {
  const refusals: string[] = [];
  for (const definition of definitions) {
    const plan = planTable(definition, await describeState(deps, definition));
    refusals.push(...plan.refusals.map((refusal) => `Table ${deps.prefix}${definition.name}: ${refusal}`));
  }
  if (refusals.length > 0)
    throw new AppError('table_refused', `Nothing was changed.\n${refusals.join('\n')}`);
  for (const definition of definitions) await applyTable(deps, definition);
}

async function applyTable(deps: ApplyDeps, definition: TableDefinition): Promise<void> {
  const say = (text: string) => deps.print(`${deps.prefix}${definition.name}: ${text}`);
  const { steps, notes } = planTable(definition, await describeState(deps, definition));
  for (const step of steps) {
    say(step.text);
    const remark = await carryOut(deps, definition, step);
    if (remark !== undefined) say(remark);
  }
  // CreateTable cannot set everything: plan a new table once more.
  if (steps.some(({ kind }) => kind === 'create')) return applyTable(deps, definition);
  for (const note of notes) say(`left alone: ${note}`);
  say('is as defined');
}

/** @returns a line to print afterwards, if any */
async function carryOut(
  deps: ApplyDeps,
  definition: TableDefinition,
  step: Step,
): Promise<string | undefined> {
  switch (step.kind) {
    case 'create':
      await createTable(deps, definition);
      break;
    case 'add_index':
      await addIndex(deps, definition, step);
      return awaitIndex(deps, definition, step.index);
    case 'await_index':
      return awaitIndex(deps, definition, step.index);
    case 'enable_ttl':
      if (!(await enableTtl(deps, definition))) return 'this engine has no time to live: items stay';
      break;
    case 'enable_recovery':
      await enableRecovery(deps, definition);
      break;
    case 'protect':
      await protect(deps, definition);
      break;
  }
  return undefined;
}

async function protect(deps: ApplyDeps, definition: TableDefinition): Promise<void> {
  const TableName = deps.prefix + definition.name;
  await deps.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  await awaitActive(deps, definition);
}

async function enableRecovery({ client, prefix }: TableDeps, { name }: TableDefinition): Promise<void> {
  const table = prefix + name;
  const command = new UpdateContinuousBackupsCommand({
    TableName: table,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  // DynamoDB refuses the call until it has set up the backups of a new table.
  const isEnabled = async () => {
    try {
      await ifKnown(client.send(command));
      return true;
    } catch (error) {
      if (error instanceof ContinuousBackupsUnavailableException) return false;
      throw error;
    }
  };
  if (!(await waitUntil(isEnabled, { maxWait: 300_000, minDelay: 1000 })))
    throw new AppError(
      'table_unfinished',
      `Point-in-time recovery of table ${table} could not be turned on yet: apply again in a while`,
    );
}
