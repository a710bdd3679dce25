import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { createScheduler, type SchedulerDeps } from '../../src/sync/scheduler.ts';

const SLOW = 'slow.myshopify.com';
const QUICK = 'quick.myshopify.com';

/** Two installed shops in which nothing is due; `looked` has what was done, as `fan_out slow.myshopify.com`. */
function aBackground(changes: Partial<SchedulerDeps> = {}) {
  const looked: string[] = [];
  const note = (what: string) => async (shop: string) => void looked.push(`${what} ${shop}`);
  const background = createScheduler({
    onlyShop: undefined,
    tokens: { has: async () => true },
    installs: {
      async *listShops() {
        yield SLOW;
        yield QUICK;
      },
      status: async () => 'installed',
    },
    states: { get: async () => ({}), takePlansTurn: async () => false },
    readPlans: async () => true,
    backfill: { begin: async () => undefined, isDue: async () => false },
    compare: { begin: async () => undefined, due: async () => undefined },
    reconcile: { begin: async () => undefined },
    transferOnMerge: { one: async () => undefined, all: note('merges') },
    fanOut: { run: note('fan_out') },
    countPeople: async () => undefined,
    reconcileMinutes: 15,
    log: createLog('silent'),
    now: () => new Date(),
    ...changes,
  });
  return { background, looked };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
}

test('long work holds up neither another shop, nor other work, nor the next look, and is not begun twice', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const fanned: string[] = [];
  let finish: () => void = () => undefined;
  const { background, looked } = aBackground({
    fanOut: {
      async run(shop) {
        fanned.push(shop);
        if (shop === SLOW) await new Promise<void>((resolve) => (finish = resolve));
      },
    },
  });
  background.start();
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
  await background.stop();
  mock.timers.reset();
});

test('a deployment for one shop works on no other that was installed once', async () => {
  const { background, looked } = aBackground({ onlyShop: QUICK });
  await background.runShop(SLOW);
  await background.runShop(QUICK);
  assert.deepEqual(looked.toSorted(), [`fan_out ${QUICK}`, `merges ${QUICK}`]);
});

test('of a shop without a token Shopify is not asked, but plans go on to be fanned out', async () => {
  const { background, looked } = aBackground({ tokens: { has: async () => false } });
  await background.runShop(QUICK);
  assert.deepEqual(looked, [`fan_out ${QUICK}`]);
});
