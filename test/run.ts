import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../src/dynamodb/embedded.ts';

// What `npm test` runs: `node test/run.ts`, or only some folders of test/: `node test/run.ts integration property`.
// All processes share one DynamoDB engine (their tables have prefixes of their own) and the cache of compiled modules.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The large numbers of people, kills and random calls: see support/soak.ts. */
    soak: { type: 'boolean', default: false },
  },
});

/** Without state outside their tests: one process runs all of these files, which saves starting one for each. */
const TOGETHER = ['unit', 'simulator'];
/** A process a file; with three of them two cores are seldom idle. */
const APART = ['browser', 'integration', 'property'];

// Ends a test that waits for what does not come.
const LIMIT = `--test-timeout=${values.soak ? 3_600_000 : 300_000}`;

const isWanted = (folder: string) => positionals.length === 0 || positionals.includes(folder);

/** Runs the test files of some folders; resolves to the exit code. */
async function run(folders: readonly string[], option: string, env: object): Promise<number> {
  const files = folders.filter(isWanted).map((folder) => `test/${folder}/*.test.ts`);
  if (files.length === 0) return 0;
  const child = spawn(process.execPath, ['--test', LIMIT, option, ...files], {
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [code]: unknown[] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

const unknown = positionals.filter((folder) => ![...TOGETHER, ...APART].includes(folder));
if (unknown.length > 0) throw new Error(`There is no test/${unknown.join(', no test/')}`);

const engine = process.env['DYNAMODB_ENDPOINT'] === undefined ? await startEmbedded() : undefined;
const env = {
  NODE_COMPILE_CACHE: new URL('../node_modules/.cache/compile', import.meta.url).pathname,
  ...(engine !== undefined && { TEST_ENGINE_URL: engine.url }),
  ...(values.soak && { SOAK: '1' }),
};
const codes = [
  await run(TOGETHER, '--test-isolation=none', env),
  await run(APART, '--test-concurrency=3', env),
];
await engine?.close();
process.exitCode = Math.max(...codes);
