import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { createBackground } from '../../src/sync/background.ts';

const SLOW = 'slow.myshopify.com';
const QUICK = 'quick.myshopify.com';

test('a shop with long work holds up neither another shop nor the next look at it, and is not begun twice', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const looked: string[] = [];
  let finish: () => void = () => undefined;
  const background = createBackground({
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
    moveFlags: { one: async () => undefined, all: async () => undefined },
    fanOut: {
      async run(shop) {
        looked.push(shop);
        if (shop === SLOW) await new Promise<void>((resolve) => (finish = resolve));
      },
    },
    countPeople: async () => undefined,
    reconcileMinutes: 15,
    log: createLog('silent'),
    now: () => new Date(),
  });
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  };

  background.start();
  await settle();
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(looked, [SLOW, QUICK, QUICK]);
  finish();
  await settle();
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(looked, [SLOW, QUICK, QUICK, SLOW, QUICK]);
  finish();
  await background.stop();
  mock.timers.reset();
});
