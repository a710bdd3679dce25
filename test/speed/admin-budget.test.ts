import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Admin } from '../../src/shopify/admin/admin.ts';
import { customerSnapshots } from '../../src/shopify/admin/queries.ts';
import { createSleepClock, startAdmin } from '../support/admin.ts';
import { createMembers } from '../support/members.ts';

const TOYS = 'toys.myshopify.com';
const BOOKS = 'books.myshopify.com';
/** Of a query for ten members: 7 points each. */
const POINTS = 70;
const interactive = { priority: 'interactive' } as const;
const background = { priority: 'background' } as const;

// On the real clock: 200 queries take 8.7 s, slow enough that the machine's own speed hardly counts.
const storm = { maximum: 1000, restoreRate: 1500 };
const real = { now: () => performance.timeOrigin + performance.now() };

async function timeOfStorm(t: TestContext, processes: number) {
  const { connect, shop, metrics } = await startAdmin(t, { clock: real, limits: storm, timeout: 10_000 });
  const ids = createMembers(shop().shop, 10);
  const start = performance.now();
  const admins = Array.from({ length: processes }, () => connect());
  const queries = admins.flatMap((admin) => ask(admin, TOYS, ids, 200 / processes));
  const answers = await Promise.all(queries);
  const seconds = (performance.now() - start) / 1000;
  assert.ok(answers.every((answer) => answer.nodes.length === 10));
  const allowed = (200 * POINTS - storm.maximum) / storm.restoreRate;
  const throttled = /outcome="throttled"\} (\d+)/.exec(await metrics())?.[1] ?? '0';
  t.diagnostic(`${seconds.toFixed(2)} s of ${allowed.toFixed(2)} s, ${throttled} throttled`);
  return { ratio: seconds / allowed, throttled: Number(throttled) };
}

test('200 queries at once take the time that the restore rate allows, and hardly run into the limit', async (t) => {
  const { ratio, throttled } = await timeOfStorm(t, 1);
  assert.ok(ratio < 1.2, `${ratio} of the time`);
  assert.ok(throttled <= 2, `${throttled} throttled`);
});

test('200 queries of two processes that throttle each other take no longer, and none fails', async (t) => {
  const { ratio } = await timeOfStorm(t, 2);
  assert.ok(ratio < 1.2, `${ratio} of the time`);
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
