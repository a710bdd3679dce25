import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toShopifyId, userIdOf } from '../../src/users/user-id.ts';

const SHOP = 'toys.myshopify.com';

test('the user_id of a customer names shop and customer', async () => {
  assert.equal(await userIdOf({ shop: SHOP }, '706405506930370084'), `${SHOP}#706405506930370084`);
});

test('a user_id of a customer tells the id; one of another shop or of the platform alone tells none', async () => {
  assert.equal(toShopifyId(SHOP, await userIdOf({ shop: SHOP }, '706405506930370084')), '706405506930370084');
  assert.equal(toShopifyId(SHOP, await userIdOf({ shop: `more-${SHOP}` }, '1')), undefined);
  assert.equal(toShopifyId(SHOP, 'legacy-1'), undefined);
});
