import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage } from '../support/merchant.ts';

const UNITS = 60;
const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: String(UNITS) }, async (program) => {
  await openPage(program);
  await runDueJobs(program);
});

test('what reconciling writes keeps to the units a second', async () => {
  const { shop } = running().shops.shop(SHOP);
  // A new customer without any flag is reckoned as four units.
  const ids = Array.from({ length: UNITS }, () => createCustomer(shop));
  const began = performance.now();
  await runJob(running(), 'reconcile');
  // The first second's units need not be waited for.
  assert.ok(performance.now() - began >= 2900, `${performance.now() - began} ms`);
  for (const id of ids) assert.notEqual(await running().item(`${SHOP}#${id}`), undefined);
});
