import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { AppError } from '../../src/errors.ts';

const KEY = Buffer.alloc(32, 'k').toString('base64');

const enough = {
  SHOPIFY_APP_URL: 'https://rollcall.example.com/',
  SHOPIFY_API_KEY: 'client-id',
  SHOPIFY_API_SECRET: 'hush',
  AWS_REGION: 'eu-west-1',
  TOKEN_ENCRYPTION_KEY: KEY,
};

function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof AppError && error.code === 'config_invalid')
      return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

test('every problem is reported at once, with what to do', () => {
  const problems = problemsOf({
    PORT: 'http',
    SHOP: 'example.com',
    TABLE_PREFIX: 'a b',
    LOG_LEVEL: 'loud',
    ACTIVE_STATES: 'enabled,asleep',
    DYNAMODB_ENDPOINT: 'nowhere',
  });
  const names = problems.map((line) => line.trim().split(' ')[0]);
  assert.deepEqual(
    new Set(names),
    new Set([
      'ACTIVE_STATES',
      'DYNAMODB_ENDPOINT',
      'LOG_LEVEL',
      'PORT',
      'SHOP',
      'SHOPIFY_API_KEY',
      'SHOPIFY_API_SECRET',
      'SHOPIFY_APP_URL',
      'TABLE_PREFIX',
      'TOKEN_ENCRYPTION_KEY',
    ]),
  );
  assert.match(problems.join('\n'), /SHOPIFY_API_SECRET is missing: copy it from/);
});

test('a wrong setting does not hide a rule over several settings', () => {
  const problems = problemsOf({ PORT: 'http', DYNAMODB_ENDPOINT: 'embedded', NODE_ENV: 'production' });
  assert.match(problems.join('\n'), /DYNAMODB_ENDPOINT is `embedded`, which is not for production/);
});

test('on AWS the region must be named', () => {
  assert.match(problemsOf({ ...enough, AWS_REGION: '' }).join('\n'), /AWS_REGION is missing/);
});

test('an empty variable counts as absent', () => {
  assert.match(problemsOf({ ...enough, SHOPIFY_API_SECRET: '' }).join('\n'), /SHOPIFY_API_SECRET is missing/);
  assert.equal(loadConfig({ ...enough, PORT: '' }).port, 3000);
});

test('the defaults are those of the documentation', () => {
  assert.deepEqual(loadConfig(enough), {
    port: 3000,
    appUrl: 'https://rollcall.example.com',
    apiKey: 'client-id',
    apiSecrets: ['hush'],
    onlyShop: undefined,
    tablePrefix: '',
    region: 'eu-west-1',
    dynamo: { kind: 'aws' },
    logLevel: 'info',
    activeStates: new Set(['enabled']),
    tagRules: { membershipPrefix: undefined, featuredAuthor: undefined },
    syncWriteUnitsPerSecond: 500,
    reconcileMinutes: 15,
    bulkStallMinutes: 60,
    encryptionKeys: [Buffer.from(KEY, 'base64')],
    standInUrl: undefined,
    polarisUrl: 'https://cdn.shopify.com/shopifycloud/polaris-1.js',
    adminStandInUrl: undefined,
  });
});

test('minutes without progress may have decimals, and are more than none', () => {
  assert.equal(loadConfig({ ...enough, BULK_STALL_MINUTES: '0.25' }).bulkStallMinutes, 0.25);
  for (const value of ['0', '-1', 'never', '0.0'])
    assert.match(problemsOf({ ...enough, BULK_STALL_MINUTES: value }).join(), /BULK_STALL_MINUTES must be/);
});

test('a shop and the active states are normalised', () => {
  const config = loadConfig({ ...enough, SHOP: 'Toys.MyShopify.com/', ACTIVE_STATES: ' Enabled, invited' });
  assert.equal(config.onlyShop, 'toys.myshopify.com');
  assert.deepEqual(config.activeStates, new Set(['enabled', 'invited']));
});

test('the previous secret stands beside the current one', () => {
  const { apiSecrets } = loadConfig({ ...enough, SHOPIFY_API_SECRET_PREVIOUS: 'old' });
  assert.deepEqual(apiSecrets, ['hush', 'old']);
});

test('the encryption key has 32 bytes, is not needed beside an embedded engine, and may have a predecessor', () => {
  assert.match(
    problemsOf({ ...enough, TOKEN_ENCRYPTION_KEY: 'c2hvcnQ=' }).join(),
    /TOKEN_ENCRYPTION_KEY must be 32/,
  );
  const embedded = { ...enough, TOKEN_ENCRYPTION_KEY: '', DYNAMODB_ENDPOINT: 'embedded' };
  assert.equal(loadConfig(embedded).encryptionKeys, undefined);
  const keys = loadConfig({ ...enough, TOKEN_ENCRYPTION_KEY_PREVIOUS: KEY }).encryptionKeys;
  assert.equal(keys?.length, 2);
});

test('a stand-in for Shopify is not for production', () => {
  const environment = { ...enough, SHOPIFY_STANDIN_URL: 'http://127.0.0.1:1', NODE_ENV: 'production' };
  assert.match(problemsOf(environment).join(), /SHOPIFY_STANDIN_URL stands in for Shopify/);
});
