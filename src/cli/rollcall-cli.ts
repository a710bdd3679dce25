import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parseArgs } from 'node:util';
import { loadConfig, loadTablesConfig, loadTokensConfig } from '../config/config.ts';
import { connect, OPERATOR } from '../dynamodb/connect.ts';
import { createInstalls } from '../ledger/installs.ts';
import { connectSessions } from '../shopify/auth/connect-sessions.ts';
import { AppError } from '../errors.ts';
import { ledgerTable } from '../ledger/ledger-schema.ts';
import { toShopDomain } from '../shop-domain.ts';
import { compareShop, importShop } from './sync-command.ts';
import type { ApplyDeps } from '../tables/add-index.ts';
import { applyTables } from '../tables/apply-tables.ts';
import { checkTable } from '../tables/ensure-table.ts';
import { planTable, planText } from '../tables/plan-table.ts';
import { describeState } from '../tables/table-state.ts';
import { toTemplate } from '../tables/template.ts';
import { rescope } from '../users/rescope.ts';
import { usersTable } from '../users/users-schema.ts';

const USAGE = `Usage: npm run tables -- <command>
       npm run tokens -- reencrypt
       npm run sync -- backfill --shop <shop>.myshopify.com
       npm run sync -- compare --shop <shop>.myshopify.com [--repair]

  plan             say how the tables differ from what Rollcall needs, and what apply does about it
  apply            create missing tables, add missing indexes one at a time; never deletes
  cloudformation   print a CloudFormation template of the tables and of two policies
  rescope --shop <shop>.myshopify.com --to many|one [--membership <id>]... [--dry-run]
                   rewrite the flags of a shop's people when a deployment for one shop (SHOP) becomes one
                   for many, or the reverse; see docs/operations.md

  reencrypt        seal every stored token with TOKEN_ENCRYPTION_KEY; TOKEN_ENCRYPTION_KEY_PREVIOUS opens

  backfill         import every customer of a shop, or go on with an import that was left; reads the server's settings
  compare          compare every customer of a shop with every user, and with --repair repair what differs

All but cloudformation read TABLE_PREFIX, AWS_REGION and DYNAMODB_ENDPOINT.`;

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
        shop: { type: 'string' },
        to: { type: 'string' },
        membership: { type: 'string', multiple: true },
        'dry-run': { type: 'boolean' },
        repair: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

type Values = ReturnType<typeof readArguments>['values'];

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
    const tablePlan = planTable(definition, await describeState(deps, definition));
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

function shopOf(values: Values): string {
  const shop = toShopDomain(values.shop ?? '');
  if (shop === undefined)
    throw new UsageError('--shop must be a permanent domain such as example.myshopify.com');
  return shop;
}

function rescopeWith(values: Values): (deps: ApplyDeps) => Promise<number> {
  const shop = shopOf(values);
  const { to } = values;
  if (to !== 'many' && to !== 'one') throw new UsageError('--to must be `many` or `one`');
  const dryRun = values['dry-run'] === true;

  return async function run(deps) {
    await checkTable(deps, usersTable);
    const counts = await rescope(
      { client: DynamoDBDocumentClient.from(deps.client), table: deps.prefix + usersTable.name, print },
      { shop, to, dryRun, memberships: values.membership ?? [] },
    );
    print(
      `${counts.read} read, ${counts.rewritten} ${dryRun ? 'to be rewritten' : 'rewritten'}, ${counts.unchanged} unchanged`,
    );
    return 0;
  };
}

async function reencrypt(): Promise<number> {
  const config = loadTokensConfig(process.env);
  const connection = await connect(config, OPERATOR);
  try {
    const sessions = connectSessions(config, connection);
    const table = config.tablePrefix + ledgerTable.name;
    const installs = createInstalls({ client: connection.documents, table, now: () => new Date() });
    const counts = { sealed: 0, unchanged: 0, unreadable: 0, busy: 0 };
    for await (const shop of installs.listShops()) {
      const resealed = await sessions.reseal(shop);
      counts[resealed] += 1;
      if (resealed === 'unreadable' || resealed === 'busy') print(`${shop}: ${resealed}`);
    }
    const { sealed, unchanged, unreadable, busy } = counts;
    print(`${sealed} tokens sealed with the current key, ${unchanged} shops had it or have none`);
    print(`${unreadable} unreadable, ${busy} busy`);
    return unreadable + busy > 0 ? 1 : 0;
  } finally {
    await connection.close();
  }
}

async function sync(command: string | undefined, values: Values): Promise<number> {
  if (command !== 'backfill' && command !== 'compare') throw new UsageError('Name backfill or compare.');
  const taken = command === 'compare' ? ['shop', 'repair'] : ['shop'];
  const unknown = Object.keys(values).find((name) => !taken.includes(name));
  if (unknown !== undefined) throw new UsageError(`\`${command}\` takes no --${unknown}`);
  const shop = shopOf(values);
  const config = loadConfig(process.env);
  if (config.onlyShop !== undefined && shop !== config.onlyShop)
    throw new UsageError(`This deployment is for ${config.onlyShop} alone (SHOP)`);
  if (command === 'backfill') return importShop(config, shop, process.stdout);
  return compareShop(config, shop, { repair: values.repair === true }, process.stdout);
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const [subject, command, ...rest] = positionals;
  const { help: _, ...given } = values;
  const isAlone = rest.length === 0 && Object.keys(given).length === 0;
  if (subject === 'tokens' && command === 'reencrypt' && isAlone) return reencrypt();
  if (subject === 'sync' && rest.length === 0) return sync(command, values);
  if (subject !== 'tables' || command === undefined) throw new UsageError('Name a command.');
  if (rest.length > 0) throw new UsageError(`Too many words: ${rest.join(' ')}`);
  if (values.repair !== undefined) throw new UsageError(`\`${command}\` takes no --repair`);
  if (command === 'rescope') return withTables(rescopeWith(values));
  if (Object.keys(given).length > 0)
    throw new UsageError(`\`${command}\` takes no --${Object.keys(given).join(', --')}`);
  if (command === 'plan') return withTables(plan);
  if (command === 'apply') return withTables(apply);
  if (command !== 'cloudformation') throw new UsageError(`There is no command \`${command}\`.`);
  print(JSON.stringify(toTemplate(DEFINITIONS), null, 2));
  return 0;
}

/** An error in words, or undefined for one of the program's own, whose stack is needed. */
function toText(error: unknown): string | undefined {
  if (error instanceof AppError) return error.message;
  // What AWS refuses it says itself: who is not authorized to do what, or which limit is reached.
  if (error instanceof Error && ('$metadata' in error || error.name === 'CredentialsProviderError'))
    return `DynamoDB: ${error.name}: ${error.message}`;
  return undefined;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const text = isUsage ? `${error.message}\n\n${USAGE}` : toText(error);
  if (text === undefined) throw error;
  process.stderr.write(`${text}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
