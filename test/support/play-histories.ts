import { spawn } from 'node:child_process';
import { once } from 'node:events';

// `npm run histories -- 10000` plays so many random histories; HISTORIES_SHRINK=1 looks for a smaller one that fails too.

const [count = '300'] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(count)) throw new Error('Give the number of histories: npm run histories -- 10000');
const child = spawn(process.execPath, ['--test', 'test/property/histories.test.ts'], {
  env: { ...process.env, HISTORIES: count },
  stdio: 'inherit',
});
const [code]: unknown[] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
