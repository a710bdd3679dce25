import { z } from 'zod';
import type { TagRules } from './customers/membership.ts';
import { AppError } from './errors.ts';
import { LOG_LEVELS } from './log.ts';
import { toShopDomain } from './shopify/shop-domain.ts';

/** Where DynamoDB is. `embedded`: dynalite as a child process with its data in `.data/`. */
type DynamoSetting =
  | { readonly kind: 'aws' }
  | { readonly kind: 'endpoint'; readonly url: string }
  | { readonly kind: 'embedded' };

/** What it takes to reach the tables. */
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
  /** What background work of this process may use, so that webhooks have the rest. */
  readonly syncWriteUnitsPerSecond: number;
  /** How often customers are compared with what changed at Shopify. */
  readonly reconcileMinutes: number;
  readonly encryptionKeys: EncryptionKeys | undefined;
  /** The origin that stands in for Shopify in tests and in the demo. */
  readonly standInUrl: string | undefined;
  /** Where the page's Polaris comes from. */
  readonly polarisUrl: string;
  /** The origin that stands in for Shopify's admin and its CDN in the demo. */
  readonly adminStandInUrl: string | undefined;
}

/** App Bridge and, by default, Polaris come from here: they refuse to be bundled or hosted elsewhere. */
export const SHOPIFY_CDN = 'https://cdn.shopify.com';

/** The key that seals tokens and, after a change of it, the one before; undefined: made and kept in `.data/`. */
type EncryptionKeys = readonly [Buffer, ...Buffer[]];

const required = (what: string) => z.string({ error: `is missing: ${what}` });

function toList(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

const shop = z.string().transform((value, context) => {
  const domain = toShopDomain(value);
  if (domain !== undefined) return domain;
  context.addIssue('must be a permanent shop domain such as example.myshopify.com');
  return z.NEVER;
});

const STATES = ['enabled', 'invited', 'disabled', 'declined'];

const states = z
  .string()
  .default('enabled')
  .transform((value) => toList(value.toLowerCase()))
  .pipe(
    z
      .array(z.enum(STATES, { error: `may hold ${STATES.join(', ')} only` }))
      .min(1, `must name at least one of ${STATES.join(', ')}`),
  );

// Loopback may be http, for the demo and the tests.
const origin = z
  .url({ error: 'must be a URL' })
  .refine((value) => /^https:|^http:\/\/(localhost|127\.0\.0\.1)\b/.test(value), 'must begin with https://')
  .transform((value) => new URL(value).origin);

const dynamo = z
  .union([z.literal('embedded'), z.url({ protocol: /^https?$/ })], {
    error: 'must be `embedded`, an http(s) URL, or absent for AWS',
  })
  .optional();

// Without it zod leaves a rule over several settings out as long as any setting is wrong by itself.
const always = () => true;

const tables = z.object({
  NODE_ENV: z.string().optional(),
  TABLE_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'may hold letters, digits, `_`, `.` and `-` only')
    .default(''),
  AWS_REGION: z.string().optional(),
  DYNAMODB_ENDPOINT: dynamo,
});
type TableSettings = z.infer<typeof tables>;

const withTableRules = <T extends z.ZodType<TableSettings>>(schema: T): T =>
  schema
    .refine((env) => env.DYNAMODB_ENDPOINT !== undefined || env.AWS_REGION !== undefined, {
      path: ['AWS_REGION'],
      error: 'is missing: name the region of the tables, or set DYNAMODB_ENDPOINT',
      when: always,
    })
    .refine((env) => env.DYNAMODB_ENDPOINT !== 'embedded' || env.NODE_ENV !== 'production', {
      path: ['DYNAMODB_ENDPOINT'],
      error: 'is `embedded`, which is not for production: leave it out to use AWS',
      when: always,
    });

const encryptionKey = z
  .string()
  .transform((value) => Buffer.from(value, 'base64'))
  .refine(({ length }) => length === 32, 'must be 32 bytes in base64: `openssl rand -base64 32` makes one');

const tokens = tables.extend({
  TOKEN_ENCRYPTION_KEY: encryptionKey.optional(),
  TOKEN_ENCRYPTION_KEY_PREVIOUS: encryptionKey.optional(),
});
type TokenSettings = z.infer<typeof tokens>;

const withTokenRules = <T extends z.ZodType<TokenSettings>>(schema: T): T =>
  withTableRules(schema).refine(
    (env) => env.TOKEN_ENCRYPTION_KEY !== undefined || env.DYNAMODB_ENDPOINT === 'embedded',
    {
      path: ['TOKEN_ENCRYPTION_KEY'],
      error: 'is missing: 32 random bytes in base64, such as `openssl rand -base64 32` makes',
      when: always,
    },
  );

function toKeys(env: TokenSettings): EncryptionKeys | undefined {
  const { TOKEN_ENCRYPTION_KEY: current, TOKEN_ENCRYPTION_KEY_PREVIOUS: previous } = env;
  if (current === undefined) return undefined;
  return previous === undefined ? [current] : [current, previous];
}

const settings = withTokenRules(
  tokens.extend({
    PORT: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port number')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port number')
      .default(3000),
    SHOPIFY_APP_URL: required("the app's public https address").pipe(origin),
    SHOPIFY_API_KEY: required('copy the client id of your app from the Dev Dashboard'),
    SHOPIFY_API_SECRET: required('copy it from the client credentials of your app in the Dev Dashboard'),
    SHOPIFY_API_SECRET_PREVIOUS: z.string().optional(),
    SHOP: shop.optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    ACTIVE_STATES: states,
    MEMBERSHIP_TAG_PREFIX: z.string().optional(),
    FEATURED_AUTHOR_TAG: z.string().optional(),
    SYNC_WRITE_UNITS_PER_SECOND: z
      .string()
      .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
      .transform(Number)
      .refine((units) => units >= 10, 'must be 10 at least: one user may take several units')
      .default(500),
    RECONCILE_MINUTES: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, 'must be a whole number of minutes, from 1 to 9999')
      .transform(Number)
      .default(15),
    SHOPIFY_STANDIN_URL: origin.optional(),
    ADMIN_STANDIN_URL: origin.optional(),
    POLARIS_URL: z.url({ error: 'must be a URL', protocol: /^https$/ }).optional(),
  }),
)
  .refine((env) => env.SHOPIFY_STANDIN_URL === undefined || env.NODE_ENV !== 'production', {
    path: ['SHOPIFY_STANDIN_URL'],
    error: 'stands in for Shopify, which is not for production: leave it out',
    when: always,
  })
  .refine((env) => env.ADMIN_STANDIN_URL === undefined || env.NODE_ENV !== 'production', {
    path: ['ADMIN_STANDIN_URL'],
    error: 'stands in for Shopify’s admin, which is not for production: leave it out',
    when: always,
  });

type Environment = Readonly<Record<string, string | undefined>>;

function parse<T>(schema: z.ZodType<T>, environment: Environment): T {
  const present = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(present));
  if (parsed.success) return parsed.data;
  const problems = new Set(parsed.error.issues.map(({ path, message }) => `  ${String(path[0])} ${message}`));
  throw new AppError('config_invalid', `The settings cannot be used:\n${[...problems].join('\n')}`);
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
  return toTablesConfig(parse(withTableRules(tables), environment));
}

export type TokensConfig = TablesConfig & Pick<Config, 'encryptionKeys'>;

/**
 * Reads the settings of the tables and of the tokens in them.
 * @throws AppError `config_invalid`, as loadConfig
 */
export function loadTokensConfig(environment: Environment): TokensConfig {
  const env = parse(withTokenRules(tokens), environment);
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
    encryptionKeys: toKeys(env),
    standInUrl: env.SHOPIFY_STANDIN_URL,
    polarisUrl: env.POLARIS_URL ?? `${env.ADMIN_STANDIN_URL ?? SHOPIFY_CDN}/shopifycloud/polaris-1.js`,
    adminStandInUrl: env.ADMIN_STANDIN_URL,
  };
}
