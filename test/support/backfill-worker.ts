import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { SHOP } from './rollcall.ts';

// A process that only imports, with a lease of half a second. Optional argument: customers in one listing of the page
// reader.
const [listing] = process.argv.slice(2).map(Number);
const rollcall = await createRollcall(loadConfig(process.env), createLog('info'), { leaseMs: 500, listing });
const { backfill } = rollcall;
const { signal } = new AbortController();
while (await backfill.isDue(SHOP)) {
  const run = await backfill.begin(SHOP, signal);
  if (run === undefined) await sleep(300);
  else await run.finished;
}
process.stdout.write('done\n');
await rollcall.close();
