import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { createScheduler, type ScheduledWork } from '../../src/sync/scheduler.ts';

const SLOW = 'slow.myshopify.com';
const QUICK = 'quick.myshopify.com';

/** Two installed shops in which nothing is due; `looked` has what was done, as `fan_out slow.myshopify.com`. */
function aScheduler(
  changes: Partial<ScheduledWork> = {},
  { onlyShop, hasToken = true }: { onlyShop?: string; hasToken?: boolean } = {},
) {
  const looked: string[] = [];
  const record = (what: string) => async (shop: string) => void looked.push(`${what} ${shop}`);
  const installs = {
    async *listShops() {
      yield SLOW;
      yield QUICK;
    },
    status: async () => 'installed' as const,
  };
  const states = { get: async () => ({}), takePlansTurn: async () => false };
  const work: ScheduledWork = {
    readPlans: async () => true,
    fanOut: record('fan_out'),
    transferOnMerge: async () => true,
    transferOpenMerges: record('merges'),
    reconcile: async () => undefined,
    countPeople: async () => undefined,
    backfill: { begin: async () => undefined, isDue: async () => false },
    compare: { begin: async () => undefined, due: async () => undefined },
    ...changes,
  };
  const context = { ledger: { installs, states }, log: createLog('silent'), now: () => new Date() };
  const options = { onlyShop, reconcileMinutes: 15, tokens: { has: async () => hasToken } };
  return { scheduler: createScheduler(context, work, options), looked };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
}

test('long work holds up neither another shop, nor other work, nor the next look, and is not begun twice', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const fanned: string[] = [];
  let finish: () => void = () => undefined;
  const { scheduler, looked } = aScheduler({
    async fanOut(shop) {
      fanned.push(shop);
      if (shop === SLOW) await new Promise<void>((resolve) => (finish = resolve));
    },
  });
  scheduler.start();
  await settle();
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(fanned, [SLOW, QUICK, QUICK]);
  assert.deepEqual(looked.toSorted(), [QUICK, QUICK, SLOW, SLOW].map((shop) => `merges ${shop}`).toSorted());
  // It was asked for once more meanwhile.
  finish();
  await settle();
  assert.deepEqual(fanned, [SLOW, QUICK, QUICK, SLOW]);
  finish();
  await settle();
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(fanned, [SLOW, QUICK, QUICK, SLOW, SLOW, QUICK]);
  finish();
  await scheduler.stop();
  mock.timers.reset();
});

test('a deployment for one shop works on no other that was installed once', async () => {
  const { scheduler, looked } = aScheduler({}, { onlyShop: QUICK });
  await scheduler.runShop(SLOW);
  await scheduler.runShop(QUICK);
  assert.deepEqual(looked.toSorted(), [`fan_out ${QUICK}`, `merges ${QUICK}`]);
});

test('of a shop without a token Shopify is not asked, but plans go on to be fanned out', async () => {
  const { scheduler, looked } = aScheduler({}, { hasToken: false });
  await scheduler.runShop(QUICK);
  assert.deepEqual(looked, [`fan_out ${QUICK}`]);
});
