import { once } from 'node:events';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { SHOP } from './rollcall.ts';

// A replica of the program: asks for the shop's token as soon as it is told to, and says it on one line.
const rollcall = await createRollcall(loadConfig(process.env), createLog('silent'));
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdout.write(`token ${await rollcall.tokens.accessToken(SHOP)}\n`);
process.stdin.destroy();
await rollcall.close();
