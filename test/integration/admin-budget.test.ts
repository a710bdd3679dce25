import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Admin } from '../../src/shopify/admin/admin.ts';
import { customerSnapshots } from '../../src/shopify/admin/queries.ts';
import { createSleepClock, startAdmin } from '../support/admin.ts';
import { createMembers } from '../support/create-people.ts';

const TOYS = 'toys.myshopify.com';
const BOOKS = 'books.myshopify.com';
/** Of a query for ten members: 7 points each. */
const POINTS = 70;
const interactive = { priority: 'interactive' } as const;
const background = { priority: 'background' } as const;

// Time passes for whoever sleeps only, and the shop and the client have the same: what is asserted is counted.
const storm = { maximum: 1000, restoreRate: 1500 };

async function rideStorm(t: TestContext, processes: number) {
  const clock = createSleepClock();
  const { connect, shop, metrics } = await startAdmin(t, { clock, limits: storm });
  const ids = createMembers(shop().shop, 10);
  const start = clock.now();
  const admins = Array.from({ length: processes }, () => connect());
  const queries = admins.flatMap((admin) => ask(admin, TOYS, ids, 200 / processes));
  const answers = await Promise.all(queries);
  assert.ok(answers.every((answer) => answer.nodes.length === 10));
  const throttled = Number(/outcome="throttled"\} (\d+)/.exec(await metrics())?.[1] ?? '0');
  return { throttled, waited: (clock.now() - start) / 1000 };
}

const allowed = (200 * POINTS - storm.maximum) / storm.restoreRate;

test('200 queries at once take the time that the restore rate allows, and hardly run into the limit', async (t) => {
  const { throttled, waited } = await rideStorm(t, 1);
  assert.ok(waited < allowed * 1.2, `${waited} s instead of ${allowed} s`);
  assert.ok(throttled <= 2, `${throttled} throttled`);
});

test('200 queries of two processes that throttle each other take no longer, and none fails', async (t) => {
  const { waited } = await rideStorm(t, 2);
  // Both sleep at once, and each moves the clock that they share: the sum of both is at most twice the time.
  assert.ok(waited < 2 * allowed * 1.2, `${waited} s instead of ${allowed} s`);
});

function ask(admin: Admin, shop: string, ids: string[], count: number) {
  return Array.from({ length: count }, () => admin.query(shop, customerSnapshots, { ids }, background));
}

const tight = { maximum: 500, restoreRate: 50 };

test('an interactive query passes background ones and finds a share of the budget left', async (t) => {
  const clock = createSleepClock();
  const { admin, shop, metrics } = await startAdmin(t, { clock, limits: tight });
  const ids = createMembers(shop().shop, 10);
  clock.hold();
  const short = clock.someoneSleeps();
  const queries = ask(admin, TOYS, ids, 20);
  await short;
  // No time passes: 400 of 500 points are for the background, 5 queries.
  await admin.query(TOYS, customerSnapshots, { ids }, interactive);
  assert.equal(shop().counts.graphql, 6);
  clock.release();
  await Promise.all(queries);
  assert.doesNotMatch(await metrics(), /outcome="throttled"/);
});

test('one shop does not wait for another', async (t) => {
  const clock = createSleepClock();
  const { admin, shop } = await startAdmin(t, { clock, limits: tight, domains: [TOYS, BOOKS] });
  const toys = createMembers(shop(TOYS).shop, 10);
  const books = createMembers(shop(BOOKS).shop, 10);
  clock.hold();
  const short = clock.someoneSleeps();
  const queries = ask(admin, TOYS, toys, 20);
  await short;
  await Promise.all(ask(admin, BOOKS, books, 5));
  assert.equal(shop(BOOKS).counts.graphql, 5);
  clock.release();
  await Promise.all(queries);
});

test('a query that waits is given up when its signal says so, and those behind it go on', async (t) => {
  const clock = createSleepClock();
  const { admin, shop } = await startAdmin(t, { clock, limits: tight });
  const ids = createMembers(shop().shop, 10);
  clock.hold();
  const short = clock.someoneSleeps();
  const queries = ask(admin, TOYS, ids, 6);
  const draining = new AbortController();
  const { signal } = draining;
  const given = admin.query(TOYS, customerSnapshots, { ids }, { ...background, signal });
  const behind = ask(admin, TOYS, ids, 1);
  await short;
  draining.abort(new Error('draining'));
  await assert.rejects(given, /draining/);
  await assert.rejects(admin.query(TOYS, customerSnapshots, { ids }, { ...interactive, signal }), /draining/);
  clock.release();
  await Promise.all([...queries, ...behind]);
  assert.equal(shop().counts.graphql, 7);
});

test('a larger query reserves more than the one that its cost was learned from', async (t) => {
  const clock = createSleepClock();
  const { admin, shop, metrics } = await startAdmin(t, { clock, limits: tight });
  const ids = createMembers(shop().shop, 50);
  await admin.query(TOYS, customerSnapshots, { ids: ids.slice(0, 1) }, interactive);
  await Promise.all(
    Array.from({ length: 3 }, () => admin.query(TOYS, customerSnapshots, { ids }, interactive)),
  );
  assert.doesNotMatch(await metrics(), /outcome="throttled"/);
});
