import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { assertEqualToShop, differingUsers, runFullSync } from '../support/full-sync.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { createCustomer, openPage, savePlan, setPlan, setRole, told } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { toReserved } from '../../simulator/shop/definitions.ts';

const running = useRollcall({}, async (program) => {
  await openPage(program);
  await runDueJobs(program);
  savePlan(shop(), 'gold', { name: 'Gold', tier: '1' });
  await runJob(program, 'plans');
});
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const ledger = () => running().rollcall.ledger;
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);

/** People whom everybody knows, with roles and plans. */
async function knownPeople(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => createCustomer(shop(), { firstName: `Ada${n}` }));
  for (const id of ids.slice(0, 3)) {
    setRole(shop(), id, 'is_admin', true);
    setPlan(shop(), id, 'gold');
  }
  await runJob(running(), 'reconcile');
  return ids;
}

const pendingIds = async () =>
  (await Array.fromAsync(ledger().pendingRefreshes.list(SHOP))).map(({ shopifyId }) => shopifyId);

interface AttentionEntry {
  readonly code: string;
}

async function attentionCodes(): Promise<string[]> {
  const { attention } = (await as(running()).get('/api/sync')).body;
  return attention.map(({ code }: AttentionEntry) => code);
}

const FIELDS = ['firstName', 'lastName', 'defaultEmailAddress'];
const WAYS = {
  'a reconcile': () => runJob(running(), 'reconcile'),
  'a full sync by a bulk operation': async () => void (await runFullSync(running())),
  'a full sync by pages': async () => {
    at().bulk.refusals.push('ACCESS_DENIED', 'INVALID', 'INVALID');
    await runFullSync(running());
  },
};
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS).filter((way): way is Way => way in WAYS);

afterEach(async () => {
  const { faults } = at();
  faults.spoilt.clear();
  faults.withheld = { fields: [], by: 'code' };
  faults.stuckCustomers = undefined;
  await runJob(running(), 'reconcile');
  await runJob(running(), 'reconcile');
});

describe('a customer of whom Shopify cannot tell something', () => {
  for (const field of ['metafield', 'firstName', 'id'])
    test(`holds up nobody else when a refresh asks for ten and ${field} fails`, async () => {
      const ids = await knownPeople(10);
      const [bad = '', ...others] = ids;
      const before = await itemOf(bad);
      at().faults.spoilt.set(bad, field);
      for (const id of ids) {
        const status = await running().post(told(setRole(shop(), id, 'is_featured_author', true)));
        assert.equal(status, 200);
      }
      await eventually(async () => {
        for (const id of others) assert.equal((await itemOf(id))?.['is_featured_author'], `${SHOP}#true`);
      });
      assert.deepEqual(await itemOf(bad), before);
      await eventually(async () => assert.ok((await pendingIds()).includes(bad)));
      at().faults.spoilt.clear();
      await runJob(running(), 'reconcile');
      await runJob(running(), 'reconcile');
      assert.deepEqual(await pendingIds(), []);
      await assertEqualToShop(running(), ids);
    });

  // The schema allows no list without tags and states: of these Shopify's answer has nothing but the error.
  for (const field of ['metafield', 'lastName', 'defaultEmailAddress', 'tags', 'state'])
    test(`holds up nobody else in a reconcile when ${field} fails, and is pending`, async () => {
      const ids = await knownPeople(10);
      const [bad = '', ...others] = ids;
      const before = await itemOf(bad);
      for (const id of ids) shop().update(id, { firstName: 'New' });
      at().faults.spoilt.set(bad, field);
      await runJob(running(), 'reconcile');
      await assertEqualToShop(running(), others);
      assert.deepEqual(await itemOf(bad), before);
      assert.deepEqual(await pendingIds(), [bad]);
    });

  for (const field of ['metafield', 'tags', 'updatedAt'])
    test(`holds up nobody else in a full sync by pages when ${field} fails, which says that it is not complete`, async () => {
      const ids = await knownPeople(10);
      const [bad = '', ...others] = ids;
      const before = await itemOf(bad);
      for (const id of ids) shop().update(id, { firstName: 'New' });
      at().faults.spoilt.set(bad, field);
      at().bulk.refusals.push('INVALID');
      const report = await runFullSync(running());
      assert.deepEqual([report.reader, report.complete, report.failed], ['pages', false, 1]);
      await assertEqualToShop(running(), others);
      assert.deepEqual(await itemOf(bad), before);
      assert.deepEqual(await pendingIds(), [bad]);
    });
});

describe('what Shopify withholds', () => {
  for (const by of ['code', 'text', 'null'] as const)
    for (const way of ways)
      test(`leaves names and e-mails as they are in ${way}, told by ${by}`, async () => {
        const ids = await knownPeople(12);
        const [first = '', ...others] = ids;
        const names = async () =>
          Promise.all(
            ids.map(async (id) => {
              const { email, first_name, last_name } = (await itemOf(id)) ?? {};
              return [email, first_name, last_name];
            }),
          );
        const before = await names();
        at().faults.withheld = { fields: FIELDS, by };
        for (const id of ids) shop().update(id, { state: 'disabled' });
        setRole(shop(), first, 'is_admin', false);
        await WAYS[way]();
        assert.deepEqual(await names(), before);
        assert.deepEqual((await ledger().states.get(SHOP)).withheld, ['email', 'firstName', 'lastName']);
        assert.equal((await itemOf(first))?.['is_admin'], undefined);
        for (const id of others) assert.equal((await itemOf(id))?.['shopify_state'], 'disabled');
        assert.ok((await attentionCodes()).includes('protected_data'));
        assert.deepEqual(await pendingIds(), []);

        at().faults.withheld = { fields: [], by };
        await runJob(running(), 'reconcile');
        assert.ok(!(await attentionCodes()).includes('protected_data'));
        await assertEqualToShop(running(), ids);
      });

  test('may be the e-mail alone, and names are removed all the same', async () => {
    const ids = await knownPeople(3);
    const [id = ''] = ids;
    const email = (await itemOf(id))?.['email'];
    at().faults.withheld = { fields: ['defaultEmailAddress'], by: 'code' };
    shop().update(id, { lastName: null });
    await runJob(running(), 'reconcile');
    const item = await itemOf(id);
    assert.deepEqual([item?.['email'], item?.['last_name']], [email, undefined]);
  });

  test('may be the metafields: roles and plan stay as they are', async () => {
    const ids = await knownPeople(3);
    const [id = ''] = ids;
    at().faults.withheld = { fields: ['metafield'], by: 'code' };
    shop().update(id, { lastName: 'New' });
    setRole(shop(), id, 'is_admin', false);
    setPlan(shop(), id, undefined);
    await runJob(running(), 'reconcile');
    const item = await itemOf(id);
    assert.equal(item?.['last_name'], 'New');
    assert.equal(item?.['is_admin'], `${SHOP}#true`);
    assert.equal(item?.['membership_id'], `${SHOP}#gold`);
    at().faults.withheld = { fields: [], by: 'code' };
    shop().update(id, { lastName: 'Newer' });
    await runJob(running(), 'reconcile');
    await assertEqualToShop(running(), ids);
  });

  test('is found again by a check only as what it is: no difference', async () => {
    const ids = await knownPeople(12);
    at().faults.withheld = { fields: FIELDS, by: 'null' };
    const report = await runFullSync(running(), { mode: 'check' });
    assert.equal(report.differing, 0);
    at().faults.withheld = { fields: [], by: 'code' };
    assert.deepEqual(await differingUsers(running()), []);
    await assertEqualToShop(running(), ids);
  });

  test('is not a name that somebody has removed: null removes', async () => {
    const ids = await knownPeople(12);
    for (const id of ids.slice(0, 9)) shop().update(id, { lastName: null });
    const [id = ''] = ids;
    shop().update(id, { email: null });
    await runJob(running(), 'reconcile');
    await assertEqualToShop(running(), ids);
    assert.ok(!(await attentionCodes()).includes('protected_data'));
  });

  test('by an error is told again by any answer without one, also where nobody of it has a name any more', async () => {
    const [id = ''] = await knownPeople(1);
    at().faults.withheld = { fields: FIELDS, by: 'code' };
    shop().update(id, { state: 'disabled' });
    await runJob(running(), 'reconcile');
    assert.ok((await attentionCodes()).includes('protected_data'));
    at().faults.withheld = { fields: [], by: 'code' };
    shop().update(id, { firstName: null, lastName: null, email: null });
    assert.equal(await running().post(told(setRole(shop(), id, 'is_featured_author', true))), 200);
    await eventually(async () => assert.equal((await itemOf(id))?.['is_featured_author'], `${SHOP}#true`));
    await eventually(async () => assert.equal((await itemOf(id))?.['first_name'], undefined));
    await assertEqualToShop(running(), [id]);
  });

  test('is not removed by small answers either, once it is known', async () => {
    const ids = await knownPeople(12);
    const [id = ''] = ids;
    const before = (await itemOf(id))?.['first_name'];
    at().faults.withheld = { fields: ['firstName'], by: 'null' };
    for (const one of ids) shop().update(one, { lastName: 'New' });
    await runJob(running(), 'reconcile');
    const status = await running().post(told(setRole(shop(), id, 'is_featured_author', true)));
    assert.equal(status, 200);
    await eventually(async () => assert.equal((await itemOf(id))?.['is_featured_author'], `${SHOP}#true`));
    assert.deepEqual((await ledger().states.get(SHOP)).withheld, ['firstName']);
    const item = await itemOf(id);
    assert.deepEqual([item?.['first_name'], item?.['last_name']], [before, 'New']);
  });
});

describe('a metafield that names no plan', () => {
  const things = {
    'a metaobject of another type': () => {
      shop().saveMetaobject({ type: 'colour', handle: 'red', fields: {} });
      return `gid://shopify/Metaobject/${shop().metaobjects.byHandle('colour', 'red')?.id}`;
    },
    'a product': () => 'gid://shopify/Product/1',
    'a text': () => 'gold',
  };
  for (const [name, toValue] of Object.entries(things))
    test(`but ${name} has the customer written without a plan, and it is noted`, async () => {
      const [id = ''] = await knownPeople(1);
      shop().saveMetafield({
        ownerId: `gid://shopify/Customer/${id}`,
        namespace: toReserved('$app'),
        key: 'membership_plan',
        type: 'metaobject_reference',
        value: toValue(),
      });
      shop().update(id, { lastName: 'New' });
      await runJob(running(), 'reconcile');
      const item = await itemOf(id);
      assert.deepEqual([item?.['last_name'], item?.['membership_id']], ['New', undefined]);
      assert.deepEqual(await pendingIds(), []);
      assert.ok((await attentionCodes()).includes('not_a_plan'));
      setPlan(shop(), id, 'gold');
      await runJob(running(), 'reconcile');
      assert.equal((await itemOf(id))?.['membership_id'], `${SHOP}#gold`);
      assert.ok(!(await attentionCodes()).includes('not_a_plan'));
    });
});

describe('a list of customers that does not get on', () => {
  for (const stuck of ['same', 'none', 'circle'] as const)
    test(`ends a reconcile and a full sync with an error, when the next page is ${stuck}`, async () => {
      const { faults, counts, bulk } = at();
      for (let n = 0; n < 60; n += 1) createCustomer(shop());
      faults.stuckCustomers = stuck;
      for (const [name, queue] of [
        ['reconcile', 'short'],
        ['full', 'full'],
      ] as const) {
        if (name === 'full') bulk.refusals.push('INVALID');
        const before = counts.graphql;
        await ledger().jobs.request(SHOP, name, queue);
        await running().rollcall.scheduler.wake(SHOP, name);
        const job = (await ledger().jobs.list(SHOP)).get(name);
        assert.equal(job?.stalled?.reason, 'admin_api_unavailable', name);
        assert.ok(counts.graphql - before < 12, `${name}: ${counts.graphql - before} queries`);
      }
      faults.stuckCustomers = undefined;
      await runJob(running(), 'reconcile');
      await runFullSync(running());
      assert.deepEqual(await differingUsers(running()), []);
    });
});
