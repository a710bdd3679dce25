import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { runJob } from '../support/jobs.ts';
import { aUserItem, putItems } from '../support/user-items.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import {
  createCustomer,
  deliverWebhooks,
  openPage,
  savePlan,
  setRole,
  setPlan,
} from '../support/merchant.ts';

let delivered: () => Promise<void>;
const tags = { MEMBERSHIP_TAG_PREFIX: 'member:', FEATURED_AUTHOR_TAG: 'author' };
const running = useRollcall(tags, async (program) => {
  savePlan(program.shops.shop(SHOP).shop, 'gold', { name: 'Gold', tier: '3' });
  await openPage(program);
  await runJob(program, 'plans');
  delivered = deliverWebhooks(program);
});
const runningShop = (domain = SHOP) => running().shops.shop(domain);
const shop = () => runningShop().shop;

const get = (userId: string, domain = SHOP, query = '') =>
  as(running(), domain).get(`/api/users/${encodeURIComponent(userId)}/sources${query}`);
const originsOf = async (id: string) => (await get(`${SHOP}#${id}`)).body;

const none = { source: 'none', changed_at: null };
const tag = { source: 'tag', changed_at: null };
const metafield = (id: string, key: string) => {
  const ownerId = `gid://shopify/Customer/${id}`;
  const updatedAt =
    shop().metafields.find({ ownerId, namespace: 'app--12345', key })?.updatedAt ?? new Date(0);
  // Shopify's times have whole seconds.
  return { source: 'metafield', changed_at: new Date(Math.floor(+updatedAt / 1000) * 1000).toISOString() };
};

describe('the sources of a person’s values', () => {
  test('are nothing where nothing is set', async () => {
    const id = createCustomer(shop());
    await delivered();
    assert.deepEqual(await originsOf(id), { is_admin: none, is_featured_author: none, membership: none });
  });

  test('are metafields with the time of their last change, also of one that says no', async () => {
    const id = createCustomer(shop());
    setRole(shop(), id, 'is_admin', true);
    setRole(shop(), id, 'is_featured_author', false);
    setPlan(shop(), id, 'gold');
    await delivered();
    assert.deepEqual(await originsOf(id), {
      is_admin: metafield(id, 'is_admin'),
      is_featured_author: metafield(id, 'is_featured_author'),
      membership: metafield(id, 'membership_plan'),
    });
  });

  test('are tags where no metafield is set; tags make no admin', async () => {
    const id = createCustomer(shop(), { tags: ['author', 'is_admin', 'member:gold'] });
    await delivered();
    assert.deepEqual(await originsOf(id), { is_admin: none, is_featured_author: tag, membership: tag });
    setRole(shop(), id, 'is_featured_author', false);
    assert.deepEqual((await originsOf(id)).is_featured_author, metafield(id, 'is_featured_author'));
  });

  test('are no tags of plans that do not exist', async () => {
    const id = createCustomer(shop(), { tags: ['member:platinum'] });
    await delivered();
    assert.deepEqual((await originsOf(id)).membership, none);
  });
});

describe('what cannot be told is said', () => {
  test('of nobody, and of another shop’s user', async () => {
    const id = createCustomer(shop());
    await delivered();
    for (const [userId, domain] of [
      ['nobody', SHOP],
      ['x'.repeat(2000), SHOP],
      [`${SHOP}#${id}`, OTHER_SHOP],
    ] as const) {
      const { status, body } = await get(userId, domain);
      assert.deepEqual([status, body.error.code], [404, 'user_not_found']);
    }
    assert.equal((await get(`${SHOP}#${id}`, SHOP, '?x=1')).status, 400);
  });

  test('of a user of the platform alone, and of a customer whom Shopify has no more', async () => {
    const items = [aUserItem(SHOP, 1, { user_id: 'legacy-1' }), aUserItem(SHOP, 2)];
    await putItems(running().engine.client, running().table('users'), items);
    for (const userId of ['legacy-1', `${SHOP}#2`]) {
      const { status, body } = await get(userId);
      assert.deepEqual([status, body.error.code], [409, 'user_not_in_shopify'], userId);
    }
  });

  test('while Shopify does not answer', async () => {
    const id = createCustomer(shop());
    await delivered();
    runningShop().faults.next('token_revoked', { on: 'graphql' });
    runningShop().faults.next('bad_gateway', { on: 'refresh', times: 3 });
    const { status, body } = await get(`${SHOP}#${id}`);
    assert.deepEqual([status, body.error.code], [503, 'admin_api_unavailable']);
  });
});
