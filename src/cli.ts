import { parseArgs } from 'node:util';
import { loadTablesConfig } from './config.ts';
import { AppError } from './errors.ts';
import { ledgerTable } from './ledger/schema.ts';
import type { ApplyDeps } from './tables/add-index.ts';
import { applyTables } from './tables/apply.ts';
import { planTable, planText } from './tables/plan.ts';
import { readStanding } from './tables/standing.ts';
import { toTemplate } from './tables/template.ts';
import { usersTable } from './users/schema.ts';
import { connect, OPERATOR } from './wire.ts';

const USAGE = `Usage: npm run tables -- <command>

  plan             say how the tables differ from what Rollcall needs, and what apply does about it
  apply            create missing tables, add missing indexes one at a time; never deletes
  cloudformation   print a CloudFormation template of the tables and of two policies

plan and apply read TABLE_PREFIX, AWS_REGION and DYNAMODB_ENDPOINT.`;

const DEFINITIONS = [usersTable, ledgerTable];
const MAX_INDEX_WAIT = 3_600_000;

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** What a person typed and no command understands. */
class UsageError extends Error {}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function withTables(work: (deps: ApplyDeps) => Promise<number>): Promise<number> {
  const config = loadTablesConfig(process.env);
  const { client, close } = await connect(config, OPERATOR);
  try {
    return await work({ client, prefix: config.tablePrefix, print, maxIndexWait: MAX_INDEX_WAIT });
  } finally {
    await close();
  }
}

async function plan(deps: ApplyDeps): Promise<number> {
  let refused = false;
  let work = false;
  for (const definition of DEFINITIONS) {
    const tablePlan = planTable(definition, await readStanding(deps, definition));
    planText(deps.prefix + definition.name, tablePlan).forEach(print);
    refused ||= tablePlan.refusals.length > 0;
    work ||= tablePlan.steps.length > 0;
  }
  if (refused) print('`apply` changes nothing as long as a table is refused.');
  else if (work) print('`npm run tables -- apply` does this. It deletes nothing.');
  return refused ? 1 : 0;
}

async function apply(deps: ApplyDeps): Promise<number> {
  await applyTables(deps, DEFINITIONS);
  return 0;
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const [subject, command, ...rest] = positionals;
  if (subject !== 'tables' || command === undefined) throw new UsageError('Name a command.');
  if (rest.length > 0) throw new UsageError(`Too many words: ${rest.join(' ')}`);
  if (command === 'plan') return withTables(plan);
  if (command === 'apply') return withTables(apply);
  if (command !== 'cloudformation') throw new UsageError(`There is no command \`${command}\`.`);
  print(JSON.stringify(toTemplate(DEFINITIONS), null, 2));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    process.exitCode = 2;
  } else {
    // What AWS refuses, it says itself: who is not authorized to do what, or which limit is reached.
    const text =
      error instanceof Error
        ? error instanceof AppError
          ? error.message
          : `${error.name}: ${error.message}`
        : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
