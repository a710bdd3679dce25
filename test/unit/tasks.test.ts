import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { createTasks } from '../../src/sync/jobs/tasks.ts';

const SHOP = 'toys.myshopify.com';
const aTasks = () => createTasks({ log: createLog('silent') });

/** Work that counts its turns, and takes as long as it is let. */
function aWork() {
  let turns = 0;
  const letGo: (() => void)[] = [];
  async function work(): Promise<void> {
    turns += 1;
    await new Promise<void>((resolve) => letGo.push(resolve));
  }
  return { work, turns: () => turns, finish: () => letGo.shift()?.() };
}

test('what is asked for in the very moment in which the same work ends is done', async () => {
  for (let steps = 0; steps < 20; steps += 1) {
    const tasks = aTasks();
    const { work, turns, finish } = aWork();
    void tasks.runCoalesced('fan-out', work);
    finish();
    for (let step = 0; step < steps; step += 1) await Promise.resolve();
    void tasks.runCoalesced('fan-out', work);
    await setImmediate();
    assert.equal(turns(), 2, `${steps} steps after the end`);
  }
});

test('what is asked for twice while the same work goes on is done once more, and not side by side', async () => {
  const tasks = aTasks();
  const { work, turns, finish } = aWork();
  let done = 0;
  for (let n = 0; n < 3; n += 1) void tasks.runCoalesced('fan-out', work).then(() => (done += 1));
  await setImmediate();
  assert.equal(turns(), 1);
  finish();
  await setImmediate();
  assert.deepEqual([turns(), done], [2, 0]);
  finish();
  await setImmediate();
  assert.deepEqual([turns(), done], [2, 3]);
});

test('work that fails can be done again', async () => {
  const tasks = aTasks();
  let turns = 0;
  async function fail(): Promise<void> {
    turns += 1;
    throw new Error('No');
  }
  for (let n = 0; n < 2; n += 1) {
    await assert.rejects(tasks.runExclusive('plans', fail), /No/);
    await assert.rejects(tasks.runCoalesced('fan-out', fail), /No/);
  }
  assert.equal(turns, 4);
});

test('the end waits for what is under way and begins nothing more', async () => {
  const tasks = aTasks();
  const { work, turns, finish } = aWork();
  void tasks.runSafely(SHOP, work);
  let ended = false;
  const end = tasks.stop().then(() => (ended = true));
  assert.ok(tasks.signal.aborted);
  await tasks.runSafely(SHOP, work);
  assert.deepEqual([turns(), ended], [1, false]);
  finish();
  await end;
  assert.equal(turns(), 1);
});
