import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromMetaobject } from '../../src/customers/plan.ts';
import { targetOf, type KnownPlan } from '../../src/ledger/plans.ts';
import { toReserved } from '../../simulator/shop/definitions.ts';
import { eventually } from '../support/eventually.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { aUserItem, instant, putItems } from '../support/user-items.ts';
import { aDirectory, startProcess, type RunningProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';
import { createCustomer, deliverWebhooks, openPage, savePlan, setPlan } from '../support/merchant.ts';

const MEMBERS = soak(600, 5000);
/** After so long the second pass begins. */
const INDEX_LAG_MS = 15_000;
/** After so long the plans are read again if one is missing. */
const MISSING_MS = 66_000;
/** How many have been written when a worker is killed. */
const KILLED_AT = [soak(150, 800), soak(350, 2000)];
/** By so many milliseconds the program's clock is ahead. */
let ahead = 0;
const running = useRollcall({}, openPage, {
  overrides: { now: () => new Date(Date.now() + ahead) },
});
const shop = () => running().shops.shop(SHOP).shop;
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);

const ledger = () => running().rollcall.ledger;

async function knownPlan(handle: string): Promise<KnownPlan | undefined> {
  return (await ledger().plans.all(SHOP)).findLast(({ id }) => id === handle);
}

/** Runs what becomes due within so many milliseconds. */
async function pass(milliseconds: number): Promise<void> {
  ahead += milliseconds;
  await runDueJobs(running());
}

/** A plan as the shop has it now. */
function planOf(handle: string) {
  const found = shop().metaobjects.byHandle(toReserved('$app:membership_plan'), handle);
  assert.ok(found !== undefined);
  const fields = Object.entries(found.fields).map(([key, jsonValue]) => ({ key, jsonValue }));
  const updatedAt = new Date(Math.floor(found.updatedAt.getTime() / 1000) * 1000).toISOString();
  return fromMetaobject({ id: `gid://shopify/Metaobject/${found.id}`, handle, updatedAt, fields });
}

/** Customers of the shop who are members, and their users, as an import would have left them. */
async function seedMembers(count: number, handle: string): Promise<string[]> {
  const { benefits: _, ...plan } = planOf(handle);
  const ids = Array.from({ length: count }, () => createCustomer(shop()));
  for (const id of ids) setPlan(shop(), id, handle);
  const items = ids.map((id, n) =>
    aUserItem(SHOP, n, {
      user_id: `${SHOP}#${id}`,
      shopify_id: id,
      membership_id: `${SHOP}#${handle}`,
      membership: { ...plan, source: 'metafield' },
      created_at: instant(n),
      revision: 0,
    }),
  );
  await putItems(running().engine.client, running().table('users'), items);
  return ids;
}

async function seen(): Promise<number> {
  const progress = (await ledger().jobs.list(SHOP)).get(`fan_out#${planOf('gold').gid}`)?.progress;
  const { written } = JSON.parse(JSON.stringify(progress ?? { written: 0 }));
  return Number(written);
}

const startWorker = (): RunningProcess =>
  startProcess('test/support/fan-out-worker.ts', { cwd: aDirectory(), env: running().environment });

test('a plan that is renamed reaches every member exactly, while people come and go and its worker is killed twice', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3', price: '9.5', currency: 'EUR', interval: 'month' });
  savePlan(shop(), 'silver', { name: 'Silver', tier: '2' });
  await runJob(running(), 'plans');
  await pass(INDEX_LAG_MS);
  const ids = await seedMembers(MEMBERS, 'gold');
  // Shopify's times have whole seconds; a plan is not renamed in the second in which it was made.
  await eventually(() => {
    savePlan(shop(), 'gold', { name: 'Gold Plus' });
    assert.ok(planOf('gold').version > planOf('silver').version);
  });
  assert.equal(await ledger().plans.put(SHOP, planOf('gold'), await knownPlan('gold')), true);
  await ledger().jobs.request(SHOP, `fan_out#${planOf('gold').gid}`, 'short');

  const delivered = deliverWebhooks(running());
  for (const threshold of KILLED_AT) {
    const worker = startWorker();
    await eventually(async () => assert.ok((await seen()) >= threshold, worker.output()), 600_000);
    worker.child.kill('SIGKILL');
    await worker.exited;
    // Meanwhile: some leave, some change to silver, some join, some are only edited.
    const from = threshold;
    for (const id of ids.slice(from, from + 25)) setPlan(shop(), id, undefined);
    for (const id of ids.slice(from + 25, from + 50)) setPlan(shop(), id, 'silver');
    for (const id of ids.slice(from + 50, from + 75)) shop().update(id, { lastName: 'Edited' });
    for (let n = 0; n < 25; n += 1) setPlan(shop(), createCustomer(shop()), 'gold');
    await delivered();
  }
  const last = startWorker();
  await last.until(/done/);
  assert.equal(await last.exited, 0);

  const expected = planOf('gold');
  const touched = new Set([
    ...KILLED_AT.flatMap((from) => ids.slice(from, from + 75)),
    ...[...shop().customers.keys()].slice(MEMBERS),
  ]);
  await eventually(async () => {
    for (const id of touched) {
      const item = await itemOf(id);
      const wanted = shop().metafields.find({
        ownerId: `gid://shopify/Customer/${id}`,
        namespace: toReserved('$app'),
        key: 'membership_plan',
      });
      const plans = [...shop().metaobjects.all.values()];
      const handle = plans.find(
        ({ id: plan }) => wanted?.value === `gid://shopify/Metaobject/${plan}`,
      )?.handle;
      assert.equal(item?.['membership_id'], handle && `${SHOP}#${handle}`, id);
      const name = JSON.parse(JSON.stringify(item?.['membership'] ?? {})).name;
      assert.equal(name, handle && planOf(handle).name, id);
    }
  });
  let most = 0;
  for (const id of ids.filter((one) => !touched.has(one))) {
    const item = await itemOf(id);
    const { version, name } = JSON.parse(JSON.stringify(item?.['membership']));
    assert.deepEqual([version, name], [expected.version, 'Gold Plus'], id);
    most = Math.max(most, Number(item?.['revision']));
  }
  assert.ok(most >= 1 && most <= 2, `an item was written ${most} times`);
  const gold = await knownPlan('gold');
  assert.equal(gold?.fannedOut, gold && targetOf(gold));
});

/** What members have of their plan. */
async function membershipsOf(
  ids: readonly string[],
): Promise<{ id: unknown; name: unknown; gid: unknown }[]> {
  const items = await Promise.all(ids.map(itemOf));
  return items.map((item) => {
    const { id, name, gid } = JSON.parse(JSON.stringify(item?.['membership'] ?? {}));
    assert.equal(item?.['membership_id'], id && `${SHOP}#${id}`);
    return { id, name, gid };
  });
}

const handlesOf = async (ids: readonly string[]) => (await membershipsOf(ids)).map(({ id }) => id);

/** A plan with members whose fan-outs have ended. */
async function aPlanWithMembers(handle: string, count: number): Promise<{ ids: string[]; plan: string }> {
  savePlan(shop(), handle, { name: handle, tier: '1' });
  await runJob(running(), 'plans');
  await pass(INDEX_LAG_MS);
  const plan = shop().metaobjects.byHandle(toReserved('$app:membership_plan'), handle);
  return { ids: await seedMembers(count, handle), plan: plan?.id ?? '' };
}

test('a plan that is gone leaves its members without a membership, once a second list has shown it', async () => {
  const { ids, plan } = await aPlanWithMembers('bronze', 3);
  shop().removeMetaobject(plan);
  await runJob(running(), 'plans');
  assert.deepEqual(await handlesOf(ids), ['bronze', 'bronze', 'bronze']);
  await runJob(running(), 'plans');
  assert.deepEqual(await handlesOf(ids), ['bronze', 'bronze', 'bronze'], 'not a minute later');
  await pass(MISSING_MS);
  assert.deepEqual(await handlesOf(ids), [undefined, undefined, undefined]);
  assert.notEqual((await knownPlan('bronze'))?.goneAt, undefined);
});

test('a plan that is there again after it was gone brings its members back', async () => {
  const { ids, plan } = await aPlanWithMembers('iron', 6);
  const metaobject = shop().metaobjects.all.get(plan);
  assert.ok(metaobject !== undefined);
  shop().removeMetaobject(plan);
  await runJob(running(), 'plans');
  await pass(MISSING_MS);
  assert.deepEqual(new Set(await handlesOf(ids)), new Set([undefined]));
  shop().restoreMetaobject(metaobject);
  await runJob(running(), 'plans');
  await eventually(async () => {
    await runDueJobs(running());
    assert.deepEqual(new Set(await handlesOf(ids)), new Set(['iron']));
  });
  assert.equal((await knownPlan('iron'))?.goneAt, undefined);
});

test('a list of plans that is empty once takes nobody’s membership', async () => {
  const { ids } = await aPlanWithMembers('tin', 6);
  running().shops.shop(SHOP).faults.emptyLists = 1;
  await runJob(running(), 'plans');
  assert.notEqual((await knownPlan('tin'))?.missingSince, undefined);
  await pass(MISSING_MS);
  await pass(INDEX_LAG_MS);
  assert.deepEqual(new Set(await handlesOf(ids)), new Set(['tin']));
  assert.equal((await knownPlan('tin'))?.missingSince, undefined);
  assert.equal((await ledger().jobs.list(SHOP)).get('full')?.progress, undefined);
});

test('lists that are empty for long take nobody’s membership as long as Shopify has the plan', async () => {
  const { ids } = await aPlanWithMembers('zinc', 2);
  running().shops.shop(SHOP).faults.emptyLists = 3;
  await runJob(running(), 'plans');
  await pass(MISSING_MS);
  await runJob(running(), 'plans');
  await pass(INDEX_LAG_MS);
  assert.equal(running().shops.shop(SHOP).faults.emptyLists, 0);
  assert.deepEqual(await handlesOf(ids), ['zinc', 'zinc']);
  assert.equal((await knownPlan('zinc'))?.goneAt, undefined);
});

test('a plan that gets another handle takes its members along', async () => {
  const { ids, plan } = await aPlanWithMembers('copper', 5);
  shop().renameMetaobject(plan, 'brass');
  await runJob(running(), 'plans');
  assert.deepEqual(new Set(await handlesOf(ids)), new Set(['brass']));
  const { users } = await running()
    .rollcall.usersOf(SHOP)
    .list({ by: 'membership', membershipId: 'brass' }, { limit: 25 });
  assert.deepEqual(new Set(users.map(({ shopify_id }) => shopify_id)), new Set(ids));
  assert.deepEqual((await knownPlan('brass'))?.handles, ['copper'], 'until the second pass');
  await pass(INDEX_LAG_MS);
  assert.equal((await knownPlan('brass'))?.handles, undefined);
});

test('plans that swap their handles do not swap their members', async () => {
  const left = await aPlanWithMembers('left', 3);
  const right = await aPlanWithMembers('right', 3);
  for (const [plan, handle] of [
    [left.plan, 'between'],
    [right.plan, 'left'],
    [left.plan, 'right'],
  ] as const)
    shop().renameMetaobject(plan, handle);
  await runJob(running(), 'plans');
  await pass(INDEX_LAG_MS);
  for (const [{ ids, plan }, id, name] of [
    [left, 'right', 'left'],
    [right, 'left', 'right'],
  ] as const)
    for (const membership of await membershipsOf(ids))
      assert.deepEqual(membership, { id, name, gid: `gid://shopify/Metaobject/${plan}` });
});

/** A member as somebody writes them who has read the plan before it changed. */
async function addMember(membership: KnownPlan): Promise<string> {
  const [id = ''] = await seedMembers(1, membership.id);
  const item = (await itemOf(id)) ?? {};
  await running().putItem({
    ...item,
    membership: { ...JSON.parse(JSON.stringify(item['membership'])), ...membership },
  });
  return id;
}

test('who joins with an old copy while a plan is fanned out is found when the index shows them', async () => {
  await aPlanWithMembers('amber', 1);
  const before = planOf('amber');
  await eventually(() => {
    savePlan(shop(), 'amber', { name: 'Amber 2' });
    assert.ok(planOf('amber').version > before.version);
  });
  await runJob(running(), 'plans');
  const late = await addMember(before);
  await runJob(running(), `fan_out#${before.gid}`);
  assert.equal((await membershipsOf([late]))[0]?.name, 'amber', 'the index has had no time');
  await pass(INDEX_LAG_MS);
  assert.equal((await membershipsOf([late]))[0]?.name, 'Amber 2');
});

test('members who were written with an old copy after a fan-out get the plan once it is asked for again', async () => {
  await aPlanWithMembers('ruby', 1);
  const before = planOf('ruby');
  await eventually(() => {
    savePlan(shop(), 'ruby', { name: 'Ruby 2' });
    assert.ok(planOf('ruby').version > before.version);
  });
  await runJob(running(), 'plans');
  await pass(INDEX_LAG_MS);
  const late = await addMember(before);
  await runJob(running(), 'plans');
  assert.equal((await membershipsOf([late]))[0]?.name, 'ruby');
  await ledger().plans.requestFanOut(SHOP, [before.gid]);
  await runJob(running(), 'plans');
  assert.equal((await membershipsOf([late]))[0]?.name, 'Ruby 2');
});

test('a plan that is edited and edited back reaches who has what it was in between', async () => {
  const { ids } = await aPlanWithMembers('onyx', 1);
  const before = planOf('onyx');
  await eventually(() => {
    savePlan(shop(), 'onyx', { name: 'Onyx 2' });
    assert.ok(planOf('onyx').version > before.version);
  });
  const between = await addMember(planOf('onyx'));
  await eventually(() => {
    savePlan(shop(), 'onyx', { name: 'onyx' });
    assert.ok(planOf('onyx').version > before.version);
  });
  await runJob(running(), 'plans');
  await pass(INDEX_LAG_MS);
  for (const { name } of await membershipsOf([...ids, between])) assert.equal(name, 'onyx');
});

test('overlapping edits of one plan, also within one second, end in the newest', async () => {
  savePlan(shop(), 'pearl', { name: 'Pearl', tier: '1' });
  await runJob(running(), 'plans');
  const [id = ''] = await seedMembers(1, 'pearl');
  for (const name of ['Pearl 2', 'Pearl 3', 'Pearl 4']) {
    savePlan(shop(), 'pearl', { name });
    await runJob(running(), 'plans');
  }
  const item = await itemOf(id);
  assert.equal(JSON.parse(JSON.stringify(item?.['membership'])).name, 'Pearl 4');
});

test('a list of plans whose pages repeat themselves ends with an error', async () => {
  const { faults, counts } = running().shops.shop(SHOP);
  await runDueJobs(running());
  savePlan(shop(), 'jade', { name: 'Jade', tier: '1' });
  faults.stuckLists = true;
  const before = counts.graphql;
  await ledger().jobs.request(SHOP, 'plans', 'short');
  // A run that is just ending would leave it to the next.
  await eventually(async () => {
    await running().rollcall.scheduler.wake(SHOP, 'plans');
    assert.equal((await ledger().jobs.list(SHOP)).get('plans')?.stalled?.reason, 'admin_api_unavailable');
  });
  faults.stuckLists = false;
  // Twice the list, and what else is asked for at this time; one that goes on would be hundreds.
  assert.ok(counts.graphql - before < 10, `${counts.graphql - before} queries`);
  assert.equal(await knownPlan('jade'), undefined);
});
