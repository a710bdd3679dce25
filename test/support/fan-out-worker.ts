import assert from 'node:assert/strict';
import { loadConfig } from '../../src/config/config.ts';
import { targetOf } from '../../src/ledger/plans.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall } from '../../src/rollcall.ts';
import { eventually } from './eventually.ts';
import { SHOP } from './rollcall.ts';

// A replica that does nothing but fan out, and whose claim outlives it by half a second only. Where a job only waits for
// the index, its clock goes on by that much.
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const rollcall = await createRollcall(loadConfig(process.env), createLog('info'), {
  leaseMs: 500,
  now,
});
const { ledger, scheduler } = rollcall;
await eventually(async () => {
  for (const [name, { isHeld, dueAt = '' }] of await ledger.jobs.list(SHOP)) {
    if (!name.startsWith('fan_out#')) continue;
    if (!isHeld && dueAt !== '') ahead = Math.max(ahead, Date.parse(dueAt) - Date.now());
    await scheduler.wake(SHOP, name);
  }
  const plans = await ledger.plans.all(SHOP);
  assert.ok(plans.every((plan) => plan.fannedOut === targetOf(plan)));
}, 600_000);
process.stdout.write('done\n');
await rollcall.close();
