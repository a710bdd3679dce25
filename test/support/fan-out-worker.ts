import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { fanOut } from '../../src/sync/plans/fan-out.ts';
import { SHOP } from './rollcall.ts';

// A process that only fans out, with a lease of half a second.
const rollcall = await createRollcall(loadConfig(process.env), createLog('info'), { leaseMs: 500 });
await fanOut(rollcall.context, SHOP, new AbortController().signal);
process.stdout.write('done\n');
await rollcall.close();
