import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { SHOP } from './rollcall.ts';

// A replica that does nothing but the full sync, and whose claim outlives it by half a second only, until there is the
// report of one that began after an instant, its argument; and after that, if there is one: how many customers one
// listing by pages has.
const [after = '', listing] = process.argv.slice(2);
const rollcall = await createRollcall(loadConfig(process.env), createLog('info'), {
  leaseMs: 500,
  listing: listing === undefined ? undefined : Number(listing),
});
const { scheduler, ledger } = rollcall;
const isOver = async () => ((await ledger.fullSyncReports.latest(SHOP)).last?.started_at ?? '') > after;
while (!(await isOver())) {
  await scheduler.wake(SHOP, 'full');
  await sleep(100);
}
process.stdout.write('done\n');
await rollcall.close();
