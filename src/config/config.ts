import type { z } from 'zod';
import type { TagRules } from '../customers/entitlements.ts';
import { AppError } from '../errors.ts';
import type { LOG_LEVELS } from '../log.ts';
import {
  settings,
  tableSettings,
  tokenSettings,
  type TableSettings,
  type TokenSettings,
} from './settings.ts';

/** Where DynamoDB is. `embedded`: dynalite as a child process with its data in `.data/`. */
type DynamoSetting =
  | { readonly kind: 'aws' }
  | { readonly kind: 'endpoint'; readonly url: string }
  | { readonly kind: 'embedded' };

/** The settings that reach the tables. */
export interface TablesConfig {
  readonly tablePrefix: string;
  readonly region: string;
  readonly dynamo: DynamoSetting;
}

export interface Config extends TablesConfig {
  readonly port: number;
  /** The app's public origin, without a path. */
  readonly appUrl: string;
  /** The app's client id. */
  readonly apiKey: string;
  /** The current client secret and, during a rotation, the previous one. */
  readonly apiSecrets: readonly string[];
  /** The one shop of the deployment; undefined: any shop may install. */
  readonly onlyShop: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly activeStates: ReadonlySet<string>;
  readonly tagRules: TagRules;
  /** The share of background work in this process; webhooks have the rest. */
  readonly syncWriteUnitsPerSecond: number;
  /** Minutes between two runs of reconciling. */
  readonly reconcileMinutes: number;
  /** After how long a bulk operation that does not move is left. */
  readonly bulkStallMinutes: number;
  readonly encryptionKeys: EncryptionKeys | undefined;
  /** The origin of the simulated Shopify, in tests and in the demo. */
  readonly standInUrl: string | undefined;
  /** The URL of the page's Polaris script. */
  readonly polarisUrl: string;
  /** The origin of the simulated admin and CDN, in the demo. */
  readonly adminStandInUrl: string | undefined;
}

/** App Bridge and Polaris must be loaded from here: they cannot be bundled or hosted elsewhere. */
export const SHOPIFY_CDN = 'https://cdn.shopify.com';

/** The key that encrypts tokens, then the previous one during a key rotation. Undefined: generated and kept in `.data/`. */
type EncryptionKeys = readonly [Buffer, ...Buffer[]];

type Environment = Readonly<Record<string, string | undefined>>;

function parse<T>(schema: z.ZodType<T>, environment: Environment): T {
  const present = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(present));
  if (parsed.success) return parsed.data;
  const problems = new Set(parsed.error.issues.map(({ path, message }) => `  ${String(path[0])} ${message}`));
  throw new AppError('config_invalid', `The settings cannot be used:\n${[...problems].join('\n')}`);
}

function toKeys(env: TokenSettings): EncryptionKeys | undefined {
  const { TOKEN_ENCRYPTION_KEY: current, TOKEN_ENCRYPTION_KEY_PREVIOUS: previous } = env;
  if (current === undefined) return undefined;
  return previous === undefined ? [current] : [current, previous];
}

function toTablesConfig(env: TableSettings): TablesConfig {
  const url = env.DYNAMODB_ENDPOINT;
  return {
    tablePrefix: env.TABLE_PREFIX,
    region: env.AWS_REGION ?? 'us-east-1',
    dynamo:
      url === undefined
        ? { kind: 'aws' }
        : url === 'embedded'
          ? { kind: 'embedded' }
          : { kind: 'endpoint', url },
  };
}

/**
 * Reads the settings of the tables alone, for commands that work without the app's secrets.
 * @throws AppError `config_invalid`, as loadConfig
 */
export function loadTablesConfig(environment: Environment): TablesConfig {
  return toTablesConfig(parse(tableSettings, environment));
}

export type TokensConfig = TablesConfig & Pick<Config, 'encryptionKeys'>;

/**
 * Reads the settings of the tables and of the tokens in them.
 * @throws AppError `config_invalid`, as loadConfig
 */
export function loadTokensConfig(environment: Environment): TokensConfig {
  const env = parse(tokenSettings, environment);
  return { ...toTablesConfig(env), encryptionKeys: toKeys(env) };
}

/**
 * Reads the settings; an empty variable counts as absent.
 * @throws AppError `config_invalid`, naming every problem and what to do about it
 */
export function loadConfig(environment: Environment): Config {
  const env = parse(settings, environment);
  return {
    ...toTablesConfig(env),
    port: env.PORT,
    appUrl: env.SHOPIFY_APP_URL,
    apiKey: env.SHOPIFY_API_KEY,
    apiSecrets: [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS].filter((key) => key !== undefined),
    onlyShop: env.SHOP,
    logLevel: env.LOG_LEVEL,
    activeStates: new Set(env.ACTIVE_STATES),
    tagRules: { membershipPrefix: env.MEMBERSHIP_TAG_PREFIX, featuredAuthor: env.FEATURED_AUTHOR_TAG },
    syncWriteUnitsPerSecond: env.SYNC_WRITE_UNITS_PER_SECOND,
    reconcileMinutes: env.RECONCILE_MINUTES,
    bulkStallMinutes: env.BULK_STALL_MINUTES,
    encryptionKeys: toKeys(env),
    standInUrl: env.SHOPIFY_STANDIN_URL,
    polarisUrl: env.POLARIS_URL ?? `${env.ADMIN_STANDIN_URL ?? SHOPIFY_CDN}/shopifycloud/polaris-1.js`,
    adminStandInUrl: env.ADMIN_STANDIN_URL,
  };
}
