import { once } from 'node:events';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { SHOP } from './rollcall.ts';

// A second process of the program: fetches the shop's token on a signal, and prints it.
const rollcall = await createRollcall(loadConfig(process.env), createLog('silent'));
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdout.write(`token ${await rollcall.tokens.accessToken(SHOP)}\n`);
process.stdin.destroy();
await rollcall.close();
