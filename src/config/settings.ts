import { z } from 'zod';
import { LOG_LEVELS } from '../log.ts';
import { toShopDomain } from '../shop-domain.ts';

// The environment variables, each with its rule and its error text. config.ts turns them into a Config.

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

// Without it zod skips a rule over several settings while a single setting is invalid.
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
export type TableSettings = z.infer<typeof tables>;

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
export type TokenSettings = z.infer<typeof tokens>;

const withTokenRules = <T extends z.ZodType<TokenSettings>>(schema: T): T =>
  withTableRules(schema).refine(
    (env) => env.TOKEN_ENCRYPTION_KEY !== undefined || env.DYNAMODB_ENDPOINT === 'embedded',
    {
      path: ['TOKEN_ENCRYPTION_KEY'],
      error: 'is missing: 32 random bytes in base64, such as `openssl rand -base64 32` makes',
      when: always,
    },
  );

/** For commands that reach the tables alone. */
export const tableSettings = withTableRules(tables);

/** For commands that reach the tables and the tokens in them. */
export const tokenSettings = withTokenRules(tokens);

/** For the server: all of them. */
export const settings = withTokenRules(
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
    BULK_STALL_MINUTES: z
      .string()
      .regex(/^\d{1,4}(?:\.\d+)?$/, 'must be a number of minutes, such as 60 or 0.5')
      .transform(Number)
      .refine((minutes) => minutes > 0, 'must be more than 0')
      .default(60),
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
