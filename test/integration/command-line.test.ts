import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP } from '../support/rollcall.ts';

/** Runs `rollcall` with these words. */
async function rollcall(words: string, env: Record<string, string> = {}, cwd = aDirectory()) {
  const args = words.split(' ').filter(Boolean);
  const running = startProcess('src/cli/rollcall.js', { cwd, args, env });
  return { code: await running.exited, output: running.output(), stdout: running.stdout() };
}

/** Makes a Node say that it is another one. */
function asNode(version: string): Record<string, string> {
  const code = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

for (const words of [
  'tables',
  'tables plan',
  'tables apply',
  'tables cloudformation',
  'tables rescope',
  'tokens',
  'tokens reencrypt',
  'letters',
  'letters list',
  'sync',
  'sync full',
  'sync reconcile',
])
  test(`\`rollcall ${words}\` has help of its own, which needs no settings`, async () => {
    const { code, stdout } = await rollcall(`${words} --help`);
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(`Usage: rollcall ${words} [options]`), stdout);
  });

test('a word that no command understands is answered with the nearest one and 2', async () => {
  for (const [words, nearest] of [
    ['tabels plan', 'tables'],
    ['tables plna', 'plan'],
    ['sync reconcil', 'reconcile'],
    ['tables plan --jsno', '--json'],
  ] as const) {
    const { code, output } = await rollcall(words);
    assert.equal(code, 2, words);
    assert.match(output, new RegExp(`^error: unknown .*\\n\\(Did you mean ${nearest}\\?\\)`), words);
  }
});

test('without a command, help and 2', async () => {
  for (const words of ['', 'tables', 'tokens', 'sync']) {
    const { code, output } = await rollcall(words);
    assert.equal(code, 2, words);
    assert.match(output, /^Usage: rollcall /, words);
  }
});

test('a shop that is no domain, or not the deployment’s, is answered with a sentence and 2', async () => {
  const noDomain = await rollcall('sync full --mode apply --shop example.com');
  assert.equal(noDomain.code, 2);
  assert.match(noDomain.output, /must be a permanent domain such as example\.myshopify\.com/);
  const other = await rollcall('sync full --mode check --shop other.myshopify.com', {
    SHOP,
    SHOPIFY_APP_URL: 'https://rollcall.example.com',
    SHOPIFY_API_KEY: 'key',
    SHOPIFY_API_SECRET: 'secret-secret-secret',
    DYNAMODB_ENDPOINT: 'embedded',
  });
  assert.equal(other.code, 2, other.output);
  assert.equal(other.output, `error: This deployment is for ${SHOP} alone (SHOP)\n`);
});

test('a full sync wants a mode, and a number of removals to confirm', async () => {
  for (const [words, problem] of [
    [`sync full --shop ${SHOP}`, /required option '--mode <mode>' not specified/],
    [`sync full --shop ${SHOP} --mode repair`, /Allowed choices are apply, check/],
    [`sync full --shop ${SHOP} --mode apply --confirm-removals all`, /must be a number of people/],
  ] as const) {
    const { code, output } = await rollcall(words);
    assert.equal(code, 2, output);
    assert.match(output, problem);
  }
});

test('a Node that is too old is told so in one sentence', async () => {
  for (const version of ['14.21.3', '20.20.2', '22.17.1']) {
    const { code, output } = await rollcall('--help', asNode(version));
    assert.equal(code, 1, output);
    assert.equal(output, `rollcall needs Node 22.18 or newer; this is Node ${version}.\n`);
  }
  for (const version of ['22.18.0', '24.0.0', '100.1.0'])
    assert.equal((await rollcall('--help', asNode(version))).code, 0, version);
});

test('settings come from .env, and the environment’s own win', async () => {
  const cwd = aDirectory();
  writeFileSync(join(cwd, '.env'), 'DYNAMODB_ENDPOINT=embedded\nTABLE_PREFIX=file_\n');
  assert.match((await rollcall('tables plan', {}, cwd)).stdout, /^Table file_users$/m);
  assert.match((await rollcall('tables plan', { TABLE_PREFIX: 'own_' }, cwd)).stdout, /^Table own_users$/m);
});

test('a reader that closes the pipe ends a command without a word', async () => {
  const running = startProcess('src/cli/rollcall.js', {
    cwd: aDirectory(),
    args: ['tables', 'cloudformation'],
  });
  running.child.stdout?.destroy();
  // What a shell reports for a program that SIGPIPE has ended.
  assert.equal(await running.exited, 141);
  assert.equal(running.output(), '');
});
