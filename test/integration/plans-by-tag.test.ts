import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toReserved } from '../../simulator/shop/definitions.ts';
import { eventually } from '../support/eventually.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { createCustomer, openPage, savePlan } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

/** By so many milliseconds the program's clock is ahead. */
let ahead = 0;
const running = useRollcall({ MEMBERSHIP_TAG_PREFIX: 'member:' }, openPage, {
  overrides: { now: () => new Date(Date.now() + ahead) },
});
const shop = () => running().shops.shop(SHOP).shop;
const membershipOf = async (id: string) =>
  (await running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true))?.membership_id ?? null;
const gidOf = (handle: string) =>
  shop().metaobjects.byHandle(toReserved('$app:membership_plan'), handle)?.id ?? '';

/** Runs what becomes due within so many milliseconds. */
async function pass(milliseconds: number): Promise<void> {
  ahead += milliseconds;
  await runDueJobs(running());
}

/** A customer with tags whose user is as it should be. */
async function tagged(...tags: string[]): Promise<string> {
  const id = createCustomer(shop(), { tags });
  await runJob(running(), 'reconcile');
  return id;
}

test('a tag that is there before its plan makes a member once there is the plan', async () => {
  const id = await tagged('member:early');
  assert.equal(await membershipOf(id), null);
  savePlan(shop(), 'early', { tier: '1' });
  await runJob(running(), 'plans');
  assert.equal(await membershipOf(id), 'early');
});

test('who loses the higher of two plans because it is gone has the lower one', async () => {
  savePlan(shop(), 'low', { tier: '1' });
  savePlan(shop(), 'high', { tier: '9' });
  await runJob(running(), 'plans');
  const id = await tagged('member:low', 'member:high');
  assert.equal(await membershipOf(id), 'high');
  shop().removeMetaobject(gidOf('high'));
  await runJob(running(), 'plans');
  assert.equal(await membershipOf(id), 'high', 'one list says nothing');
  await pass(66_000);
  assert.equal(await membershipOf(id), 'low');
});

test('a plan whose tier rises takes those who have its tag too', async () => {
  savePlan(shop(), 'slow', { tier: '2' });
  savePlan(shop(), 'fast', { tier: '3' });
  await runJob(running(), 'plans');
  const id = await tagged('member:slow', 'member:fast');
  assert.equal(await membershipOf(id), 'fast');
  savePlan(shop(), 'slow', { tier: '4' });
  await runJob(running(), 'plans');
  assert.equal(await membershipOf(id), 'slow');
});

test('a tag names a handle: a plan that gets another one has the members of that one’s tag', async () => {
  savePlan(shop(), 'before', { tier: '1' });
  await runJob(running(), 'plans');
  const old = await tagged('member:before');
  const next = await tagged('member:after');
  assert.deepEqual([await membershipOf(old), await membershipOf(next)], ['before', null]);
  shop().renameMetaobject(gidOf('before'), 'after');
  await runJob(running(), 'plans');
  await pass(15_000);
  assert.deepEqual([await membershipOf(old), await membershipOf(next)], [null, 'after']);
});

test('a change that has nothing to do with who is a member looks for nobody', async () => {
  savePlan(shop(), 'still', { tier: '1', name: 'Still' });
  await runJob(running(), 'plans');
  const id = createCustomer(shop(), { tags: ['member:still'] });
  savePlan(shop(), 'still', { tier: '1', name: 'Still 2' });
  await runJob(running(), 'plans');
  assert.equal(await running().item(`${SHOP}#${id}`), undefined);
});

test('more than 500 people with the tag of a new plan make a full sync due', async () => {
  const { ledger, scheduler } = running().rollcall;
  for (let n = 0; n < 501; n += 1) createCustomer(shop(), { tags: ['member:crowd'] });
  savePlan(shop(), 'crowd', { tier: '1' });
  await ledger.jobs.request(SHOP, 'plans', 'short');
  await scheduler.wake(SHOP, 'plans');
  const now = () => running().rollcall.context.now().toISOString();
  await eventually(async () => {
    assert.notEqual((await ledger.states.get(SHOP)).pendingSince, undefined);
    const { dueAt } = (await ledger.jobs.list(SHOP)).get('full') ?? {};
    assert.ok(dueAt !== undefined && dueAt <= now(), dueAt);
  });
});
