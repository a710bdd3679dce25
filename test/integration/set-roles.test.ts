import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import request from 'supertest';
import { as } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { runJob } from '../support/jobs.ts';
import { aUserItem, putItems } from '../support/user-items.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, deliverWebhooks, openPage, setRole } from '../support/merchant.ts';

let delivered: () => Promise<void>;
const running = useRollcall({}, async (program) => {
  await openPage(program);
  delivered = deliverWebhooks(program);
});
const runningShop = (domain = SHOP) => running().shops.shop(domain);
const shop = () => runningShop().shop;

const post = (userId: string, body: object | undefined, domain = SHOP) =>
  as(running(), domain, { claims: { sub: '4242' } }).post(
    `/api/users/${encodeURIComponent(userId)}/roles`,
    body,
  );

const flagAtShopify = (id: string, key: string) =>
  shop().metafields.find({ ownerId: `gid://shopify/Customer/${id}`, namespace: 'app--12345', key })?.value;

async function aUser(): Promise<string> {
  const id = createCustomer(shop());
  await delivered();
  return id;
}

test('a role is written to Shopify first, then to the user, and the answer is the user as stored', async () => {
  const id = await aUser();
  const { status, body } = await post(`${SHOP}#${id}`, { is_featured_author: true });
  assert.equal(status, 200);
  assert.deepEqual([body.shopify_id, body.is_featured_author, body.is_admin], [id, true, false]);
  assert.equal(flagAtShopify(id, 'is_featured_author'), 'true');
  assert.equal((await running().item(`${SHOP}#${id}`))?.['is_featured_author'], `${SHOP}#true`);
  const both = await post(`${SHOP}#${id}`, { is_featured_author: false, is_admin: true });
  assert.deepEqual([both.body.is_featured_author, both.body.is_admin], [false, true]);
  assert.equal(flagAtShopify(id, 'is_featured_author'), 'false');
});

test('a role that is set already is not written to Shopify again', async () => {
  const id = await aUser();
  setRole(shop(), id, 'is_admin', true);
  await delivered();
  const { counts } = runningShop();
  const before = counts.metafieldsSet;
  assert.equal(
    (await post(`${SHOP}#${id}`, { is_admin: true, is_featured_author: false })).body.is_admin,
    true,
  );
  assert.equal(counts.metafieldsSet, before);
  await post(`${SHOP}#${id}`, { is_admin: false });
  assert.equal(counts.metafieldsSet, before + 1);
});

test('the log says who set a role, by id only', async () => {
  const id = await aUser();
  await post(`${SHOP}#${id}`, { is_admin: true });
  const line = running()
    .logged()
    .split('\n')
    .find((text) => text.includes('roles set') && text.includes(id));
  const { sub, is_admin } = JSON.parse(line ?? '{}');
  assert.deepEqual([sub, is_admin], ['4242', true]);
  for (const personal of ['Bob', 'Biller', 'bob@'])
    assert.equal(running().logged().includes(personal), false);
});

describe('what cannot be done is said', () => {
  test('for nobody, and for another shop’s user', async () => {
    const id = await aUser();
    for (const [userId, domain] of [
      ['nobody', SHOP],
      [`${SHOP}#${id}`, OTHER_SHOP],
    ] as const) {
      const { status, body } = await post(userId, { is_admin: true }, domain);
      assert.deepEqual([status, body.error.code], [404, 'user_not_found']);
    }
  });

  test('for a user that Shopify does not know', async () => {
    const legacy = aUserItem(SHOP, 1, { user_id: 'legacy-1' });
    await putItems(running().engine.client, running().table('users'), [legacy]);
    const { status, body } = await post('legacy-1', { is_admin: true });
    assert.deepEqual([status, body.error.code], [409, 'user_not_in_shopify']);
  });

  test('for a body that is none', async () => {
    const id = await aUser();
    for (const wrong of [{}, { is_admin: 'yes' }, { is_active: true }, { is_admin: true, other: 1 }, []])
      assert.equal((await post(`${SHOP}#${id}`, wrong)).status, 400, JSON.stringify(wrong));
    const { status, body } = await post(`${SHOP}#${id}`, undefined);
    assert.deepEqual([status, body.error.code], [400, 'body_invalid']);
  });

  test('for a body in a form that is not taken, but to nobody without a session', async () => {
    const forms: Record<string, string>[] = [
      { 'Content-Type': 'application/json' },
      { 'Content-Type': 'application/json; charset=utf-7' },
      { 'Content-Type': 'application/json', 'Content-Encoding': 'nonsense' },
      { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    ];
    const paths = ['/api/users/x/roles', '/api/sync/full'];
    for (const path of paths)
      for (const form of forms) {
        const { status, body } = await as(running()).post(path).set(form).send('{');
        assert.deepEqual([status, body.error.code], [400, 'body_invalid'], JSON.stringify(form));
        const nobody = await request(running().rollcall.app).post(path).set(form).send('{');
        assert.equal(nobody.status, 401);
      }
  });

  test('while Shopify does not answer', async () => {
    const id = await aUser();
    await eventually(async () =>
      assert.equal((await running().item(`${SHOP}#${id}`))?.['revision'] !== undefined, true),
    );
    runningShop().faults.next('token_revoked', { on: 'graphql' });
    runningShop().faults.next('bad_gateway', { on: 'refresh', times: 3 });
    const { status, body } = await post(`${SHOP}#${id}`, { is_admin: true });
    assert.deepEqual([status, body.error.code], [503, 'admin_api_unavailable']);
    assert.equal(flagAtShopify(id, 'is_admin'), undefined);
    const told = running()
      .logged()
      .split('\n')
      .filter((line) => line.includes(`"user_id":"${SHOP}#${id}"`));
    assert.deepEqual(
      told.map((line) => JSON.parse(line).msg),
      ['roles asked for'],
    );
  });
});

test('what was set at Shopify before the answer failed is recorded, and the next reconcile brings it', async () => {
  const { shop: other, faults } = runningShop(OTHER_SHOP);
  const id = createCustomer(other);
  assert.equal((await as(running(), OTHER_SHOP).get('/api/admins')).status, 200);
  await runJob(running(), 'reconcile', { shop: OTHER_SHOP });
  const written = faults.hold('graphql', { after: 1 });
  const answer = post(`${OTHER_SHOP}#${id}`, { is_admin: true }, OTHER_SHOP).then(({ status }) => status);
  await Promise.race([written.reached, answer]);
  // The flag is being set; the snapshot after it fails.
  faults.next('forbidden', { on: 'graphql' });
  written.release();
  assert.notEqual(await answer, 200);
  const { pendingRefreshes } = running().rollcall.ledger;
  const pending = async () =>
    (await Array.fromAsync(pendingRefreshes.list(OTHER_SHOP))).map(({ shopifyId }) => shopifyId);
  assert.deepEqual(await pending(), [id]);
  await runJob(running(), 'reconcile', { shop: OTHER_SHOP });
  assert.equal((await running().item(`${OTHER_SHOP}#${id}`))?.['is_admin'], `${OTHER_SHOP}#true`);
  assert.deepEqual(await pending(), []);
});
