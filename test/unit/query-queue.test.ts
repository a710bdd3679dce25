import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { QueryRequest, Release } from '../../src/shopify/admin/budget.ts';
import { createQueryQueue } from '../../src/shopify/admin/query-queue.ts';
import { createSleepClock } from '../support/admin.ts';

const anAsk = (ask: Partial<QueryRequest> = {}): QueryRequest => ({
  document: 'Plans',
  size: 1,
  priority: 'background',
  ...ask,
});

function aCost(requestedQueryCost: number, currentlyAvailable: number) {
  const throttleStatus = { maximumAvailable: 1000, currentlyAvailable, restoreRate: 100 };
  return { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus };
}

/** Turns on a clock that is held, and the names of those whose turn has come. */
function start() {
  const clock = createSleepClock();
  clock.hold();
  const turns = createQueryQueue(clock);
  const started: string[] = [];
  const ends: Release[] = [];

  async function take(name: string, ask: QueryRequest, isAgain = false): Promise<void> {
    void (async () => {
      const end = await turns.acquire(ask, { isAgain });
      started.push(name);
      ends.push(end);
    })();
    await nextTurn();
  }

  /** Answers the query that has been under way for longest. */
  async function settle(cost: Parameters<Release>[0]): Promise<void> {
    ends.shift()?.(cost);
    await nextTurn();
  }

  return { clock, started, take, settle };
}

test('while nothing is known of a shop, one query is sent and the others wait for its answer', async () => {
  const { take, settle, started } = start();
  for (const name of ['one', 'two', 'three']) await take(name, anAsk());
  assert.deepEqual(started, ['one']);
  await settle(undefined);
  assert.deepEqual(started, ['one', 'two']);
  await settle(aCost(10, 990));
  assert.deepEqual(started, ['one', 'two', 'three']);
});

test('background queries leave places free', async () => {
  const { take, settle, started } = start();
  await take('first', anAsk());
  await settle(aCost(1, 999));
  for (let n = 0; n < 20; n += 1) await take('background', anAsk());
  assert.equal(started.length, 1 + 8);
  for (let n = 0; n < 20; n += 1) await take('interactive', anAsk({ priority: 'interactive' }));
  assert.equal(started.filter((name) => name === 'interactive').length, 2);
});

test('a dear query is not passed by cheap ones behind it, and goes when time has restored enough', async () => {
  const { clock, take, settle, started } = start();
  await take('cheap', anAsk());
  await settle(aCost(10, 990));
  await take('dear', anAsk({ document: 'Customers' }));
  await settle(aCost(500, 490));
  await take('dear again', anAsk({ document: 'Customers' }));
  await take('cheap again', anAsk());
  assert.deepEqual(started, ['cheap', 'dear']);
  const from = clock.now();
  const woken = clock.someoneWakes();
  clock.release();
  await woken;
  // 500 points, and 200 that stay for interactive queries.
  assert.equal(clock.now() - from, 2100);
});

test('a query that was throttled goes before those that have not been sent', async () => {
  const { clock, take, settle, started } = start();
  await take('first', anAsk());
  await take('second', anAsk());
  await settle(aCost(300, 0));
  await take('first again', anAsk(), true);
  clock.release();
  while (started.length < 2) await nextTurn();
  assert.deepEqual(started, ['first', 'first again']);
});

test('a size that was seen before needs what it cost then, however little it was', async () => {
  const { take, settle, started } = start();
  await take('page', anAsk({ size: 250 }));
  await settle(aCost(24, 976));
  await take('one', anAsk({ size: 1 }));
  await settle(aCost(3, 230));
  await take('page again', anAsk({ size: 250 }));
  assert.deepEqual(started, ['page', 'one', 'page again']);
});
