import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AppError } from '../errors.ts';
import { toShopDomain } from '../shop-domain.ts';
import type { LettersOptions } from './letters-list.ts';
import type { FullSyncOptions } from './sync-full.ts';
import type { SyncJobOptions } from './sync-job.ts';
import type { RescopeOptions } from './tables-rescope.ts';

/** The exit code that a shell reports after SIGPIPE. */
const SIGPIPE_CODE = 141;

function shopArgument(value: string): string {
  const shop = toShopDomain(value);
  if (shop === undefined)
    throw new InvalidArgumentError('It must be a permanent domain such as example.myshopify.com.');
  return shop;
}

const membershipArgument = (value: string, before: readonly string[] = []): string[] => [...before, value];

function countArgument(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('It must be a number of people.');
  return Number(value);
}

const anyShop = () => new Option('--shop <domain>', 'the shop, <shop>.myshopify.com').argParser(shopArgument);
const shop = () => anyShop().makeOptionMandatory();
const json = () => new Option('--json', 'print JSON on stdout, and progress on stderr');

// Commands are imported when they run, so that help and usage errors are fast.
function addTables(program: Command): void {
  const tables = program
    .command('tables')
    .description('the DynamoDB tables')
    .addHelpText('after', '\nAll but cloudformation read TABLE_PREFIX, AWS_REGION and DYNAMODB_ENDPOINT.');
  tables
    .command('plan')
    .description('say how the tables differ from what Rollcall needs, and what apply does about it')
    .addOption(json())
    .action(async (options: { readonly json?: true }) => {
      const { planTables } = await import('./tables-plan.ts');
      process.exitCode = await planTables(options);
    });
  tables
    .command('apply')
    .description('create missing tables, add missing indexes one at a time; never deletes')
    .action(async () => {
      const { applyPlan } = await import('./tables-apply.ts');
      await applyPlan();
    });
  tables
    .command('cloudformation')
    .description('print a CloudFormation template of the tables and of two policies')
    .action(async () => {
      const { printTemplate } = await import('./tables-cloudformation.ts');
      printTemplate();
    });
  tables
    .command('rescope')
    .summary('rewrite index keys when one shop becomes many, or the reverse')
    .description(
      'Rewrite the index keys (flags and memberships) of a shop’s people when a deployment for one shop (SHOP) becomes one for many, or the reverse; see docs/operations.md.',
    )
    .addOption(shop())
    .addOption(
      new Option('--to <form>', 'what the deployment becomes').choices(['many', 'one']).makeOptionMandatory(),
    )
    .option('--membership <id>', 'look under this membership too; may be repeated', membershipArgument)
    .option('--dry-run', 'count only')
    .addOption(json())
    .action(async (options: RescopeOptions) => {
      const { rescopeShop } = await import('./tables-rescope.ts');
      await rescopeShop(options);
    });
}

function addTokens(program: Command): void {
  const tokens = program.command('tokens').description('the stored access tokens');
  tokens
    .command('reencrypt')
    .description(
      'seal every stored token with TOKEN_ENCRYPTION_KEY; TOKEN_ENCRYPTION_KEY_PREVIOUS opens the old ones',
    )
    .addOption(json())
    .action(async (options: { readonly json?: true }) => {
      const { reencryptTokens } = await import('./tokens-reencrypt.ts');
      process.exitCode = await reencryptTokens(options);
    });
}

function addSync(program: Command): void {
  const sync = program
    .command('sync')
    .description('the customers of a shop')
    .addHelpText('after', '\nBoth read the server’s settings.');
  sync
    .command('full')
    .description('read every customer of a shop, or go on with a full sync that was left')
    .addOption(shop())
    .addOption(
      new Option('--mode <mode>', 'write what differs, or only count it')
        .choices(['apply', 'check'])
        .makeOptionMandatory(),
    )
    .option(
      '--confirm-removals <n>',
      'remove at most so many people whom Shopify has no more, however many they are',
      countArgument,
    )
    .addOption(json())
    .action(async (options: FullSyncOptions) => {
      const { syncFull } = await import('./sync-full.ts');
      process.exitCode = await syncFull(options);
    });
  sync
    .command('reconcile')
    .description('look for changes of a shop’s customers that webhooks have lost')
    .addOption(shop())
    .addOption(json())
    .action(async (options: SyncJobOptions) => {
      const { syncReconcile } = await import('./sync-reconcile.ts');
      process.exitCode = await syncReconcile(options);
    });
}

function addLetters(program: Command): void {
  const letters = program.command('letters').description('what webhooks brought and could not be processed');
  letters
    .command('list')
    .description(
      'list what belongs to no shop of this deployment, or with --shop what a shop has: dead letters and open privacy requests',
    )
    .addOption(anyShop())
    .addOption(json())
    .action(async (options: LettersOptions) => {
      const { listLetters } = await import('./letters-list.ts');
      await listLetters(options);
    });
}

/** The text of an expected error; undefined for a bug, whose stack is needed. */
function toText(error: unknown): string | undefined {
  if (error instanceof AppError) return error.message;
  // AWS' own message says who is not authorized to do what, or which limit is reached.
  if (error instanceof Error && ('$metadata' in error || error.name === 'CredentialsProviderError'))
    return `DynamoDB: ${error.name}: ${error.message}`;
  return undefined;
}

// A reader such as `head -1` closes the pipe early.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(SIGPIPE_CODE);
  });

const program = new Command('rollcall')
  .description('Operates Rollcall: its tables, its tokens, and the customers of a shop.')
  .exitOverride()
  .showHelpAfterError();
addTables(program);
addTokens(program);
addSync(program);
addLetters(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof InvalidArgumentError) process.stderr.write(`error: ${error.message}\n`);
  if (error instanceof CommanderError) {
    // commander has printed the message. Requested help is no error.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const text = toText(error);
    if (text === undefined) throw error;
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
