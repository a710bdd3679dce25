import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromMetaobject } from '../../src/customers/plan.ts';
import { createJobs } from '../../src/ledger/jobs.ts';
import { createPlans, targetOf } from '../../src/ledger/plans.ts';
import { toReserved } from '../../simulator/shop/definitions.ts';
import { eventually } from '../support/eventually.ts';
import { aUserItem, instant, putItems } from '../support/user-items.ts';
import { aDirectory, startProcess, type RunningProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';
import { createCustomer, deliverWebhooks, openPage, savePlan, setPlan } from '../support/merchant.ts';

const MEMBERS = soak(600, 5000);
/** How many have been written when a worker is killed. */
const KILLED_AT = [soak(150, 800), soak(350, 2000)];
const running = useRollcall({}, openPage);
const shop = () => running().shops.shop(SHOP).shop;
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);

const ledger = () => {
  const marshallOptions = { removeUndefinedValues: true };
  const client = DynamoDBDocumentClient.from(running().engine.client, { marshallOptions });
  const now = () => new Date();
  return {
    plans: createPlans({ client, table: running().table('rollcall') }),
    jobs: createJobs({ client, table: running().table('rollcall'), now }),
  };
};

/** A plan as the shop has it now. */
function planOf(handle: string) {
  const found = shop().metaobjects.byHandle(toReserved('$app:membership_plan'), handle);
  assert.ok(found !== undefined);
  const fields = Object.entries(found.fields).map(([key, jsonValue]) => ({ key, jsonValue }));
  const updatedAt = new Date(Math.floor(found.updatedAt.getTime() / 1000) * 1000).toISOString();
  return fromMetaobject({ handle, updatedAt, fields });
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
  const progress = (await ledger().jobs.list(SHOP)).get('fan_out#gold')?.progress;
  const { written } = JSON.parse(JSON.stringify(progress ?? { written: 0 }));
  return Number(written);
}

const startWorker = (): RunningProcess =>
  startProcess('test/support/fan-out-worker.ts', { cwd: aDirectory(), env: running().environment });

test('a plan that is renamed reaches every member exactly, while people come and go and its worker is killed twice', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3', price: '9.5', currency: 'EUR', interval: 'month' });
  savePlan(shop(), 'silver', { name: 'Silver', tier: '2' });
  await running().rollcall.scheduler.plansChanged(SHOP);
  const ids = await seedMembers(MEMBERS, 'gold');
  // Shopify's times have whole seconds; a plan is not renamed in the second in which it was made.
  await eventually(() => {
    savePlan(shop(), 'gold', { name: 'Gold Plus' });
    assert.ok(planOf('gold').version > planOf('silver').version);
  });
  const before = (await ledger().plans.all(SHOP)).find(({ id }) => id === 'gold');
  assert.equal(await ledger().plans.put(SHOP, planOf('gold'), before), true);

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
  const gold = (await ledger().plans.all(SHOP)).find(({ id }) => id === 'gold');
  assert.equal(gold?.fannedOut, gold && targetOf(gold));
});

test('a plan that is gone leaves its members without a membership', async () => {
  savePlan(shop(), 'bronze', { name: 'Bronze', tier: '1' });
  await running().rollcall.scheduler.plansChanged(SHOP);
  const ids = await seedMembers(3, 'bronze');
  const plan = shop().metaobjects.byHandle(toReserved('$app:membership_plan'), 'bronze');
  shop().removeMetaobject(plan?.id ?? '');
  await running().rollcall.scheduler.plansChanged(SHOP);
  for (const id of ids) {
    const item = await eventually(async () => {
      const found = await itemOf(id);
      assert.equal(found?.['membership_id'], undefined);
      return found;
    });
    assert.equal(item?.['membership'], undefined);
  }
  const bronze = (await ledger().plans.all(SHOP)).find(({ id }) => id === 'bronze');
  assert.notEqual(bronze?.goneAt, undefined);
});

test('overlapping edits of one plan, also within one second, end in the newest', async () => {
  savePlan(shop(), 'pearl', { name: 'Pearl', tier: '1' });
  await running().rollcall.scheduler.plansChanged(SHOP);
  const [id = ''] = await seedMembers(1, 'pearl');
  for (const name of ['Pearl 2', 'Pearl 3', 'Pearl 4']) {
    savePlan(shop(), 'pearl', { name });
    await running().rollcall.scheduler.plansChanged(SHOP);
  }
  const item = await itemOf(id);
  assert.equal(JSON.parse(JSON.stringify(item?.['membership'])).name, 'Pearl 4');
});
