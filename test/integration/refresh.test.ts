import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { runJob } from '../support/jobs.ts';
import { aUserItem, instant, putItems } from '../support/user-items.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import {
  createCustomer,
  deliverWebhooks,
  openPage,
  savePlan,
  setRole,
  setPlan,
} from '../support/merchant.ts';

let delivered: () => Promise<void>;
const running = useRollcall(
  { MEMBERSHIP_TAG_PREFIX: 'member:', FEATURED_AUTHOR_TAG: 'author' },
  async (program) => {
    await openPage(program);
    delivered = deliverWebhooks(program);
  },
);
const shop = () => running().shops.shop(SHOP).shop;
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`);

describe('what is edited in the Shopify admin reaches the user', () => {
  test('a role that is given, and taken away again', async () => {
    const id = createCustomer(shop());
    setRole(shop(), id, 'is_admin', true);
    setRole(shop(), id, 'is_featured_author', true);
    const user = await eventually(async () => {
      const found = await userOf(id);
      assert.equal(found?.is_admin, true);
      return found;
    });
    assert.equal(user.is_featured_author, true);
    const { users } = await running().rollcall.usersOf(SHOP).list({ by: 'admin' }, { limit: 25 });
    assert.ok(users.some(({ shopify_id }) => shopify_id === id));
    const { last_change_at: lastChange } = (await as(running()).get('/api/sync')).body;
    assert.ok(Date.now() - Date.parse(lastChange) < 60_000, `${lastChange}`);
    setRole(shop(), id, 'is_admin', false);
    await eventually(async () => assert.equal((await userOf(id))?.is_admin, false));
    assert.equal('is_admin' in ((await running().item(`${SHOP}#${id}`)) ?? {}), false);
  });

  test("a plan, with its details, whatever is written in the plan's fields", async () => {
    const benefits = JSON.stringify(['All videos']);
    savePlan(shop(), 'gold', {
      name: 'Gold',
      tier: '3',
      price: '9.5',
      currency: 'EUR',
      interval: 'month',
      benefits,
    });
    const id = createCustomer(shop());
    setPlan(shop(), id, 'gold');
    const user = await eventually(async () => {
      const found = await userOf(id);
      assert.equal(found?.membership_id, 'gold');
      return found;
    });
    const { version, gid, ...details } = user.membership ?? {};
    const [plan] = shop().metaobjects.all.keys();
    assert.equal(gid, `gid://shopify/Metaobject/${plan}`);
    assert.match(String(version), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(details, {
      id: 'gold',
      name: 'Gold',
      tier: 3,
      price: '9.5',
      currency: 'EUR',
      interval: 'month',
      source: 'metafield',
    });
    setPlan(shop(), id, undefined);
    await eventually(async () => assert.equal((await userOf(id))?.membership, null));
  });

  test('a tag, by the rules of the deployment', async () => {
    savePlan(shop(), 'silver', { name: 'Silver', tier: '2' });
    await delivered();
    await runJob(running(), 'plans');
    const id = createCustomer(shop());
    await delivered();
    shop().addTags(id, ['member:silver', 'author', 'admin']);
    await eventually(async () => {
      const user = await userOf(id);
      assert.deepEqual(
        [user?.membership_id, user?.membership?.['source'], user?.is_featured_author, user?.is_admin],
        ['silver', 'tag', true, false],
      );
    });
    shop().removeTags(id, ['member:silver']);
    await eventually(async () => assert.equal((await userOf(id))?.membership_id, null));
  });
});

test('a customer with several plans by tag needs attention, until one of the tags is gone', async () => {
  for (const handle of ['low', 'high']) savePlan(shop(), handle, { tier: handle === 'low' ? '1' : '9' });
  await runJob(running(), 'plans');
  const id = createCustomer(shop(), { tags: ['member:low', 'member:high'] });
  const codes = async () =>
    (await running().rollcall.ledger.attention.list(SHOP, 1000)).find(({ shopifyId }) => shopifyId === id)
      ?.codes;
  await eventually(async () => assert.deepEqual(await codes(), ['several_plans']));
  await eventually(async () => assert.equal((await userOf(id))?.membership_id, 'high'));
  shop().removeTags(id, ['member:high']);
  await eventually(async () => assert.equal(await codes(), undefined));
  await eventually(async () => assert.equal((await userOf(id))?.membership_id, 'low'));
});

test('a person of an older program keeps their roles through webhooks, until a snapshot arrives', async () => {
  const legacy = aUserItem(SHOP, 4711, {
    is_admin: `${SHOP}#true`,
    is_featured_author: 'false',
    bio: 'Writes',
  });
  await putItems(running().engine.client, running().table('users'), [legacy]);
  const body = '{"id": 4711, "updated_at": "2026-01-01T00:00:00Z", "first_name": "New"}';
  assert.equal(await running().post({ topic: 'customers/update', body }), 200);
  const item = await running().item(`${SHOP}#4711`);
  assert.deepEqual(
    [item?.['first_name'], item?.['is_admin'], item?.['is_featured_author'], item?.['bio']],
    ['New', `${SHOP}#true`, 'false', 'Writes'],
  );
  assert.equal(item?.['created_at'], instant(4711));
});
