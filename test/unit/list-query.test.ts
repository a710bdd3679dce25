import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromGraphql } from '../../src/customers/snapshot.ts';
import { toUser } from '../../src/users/item.ts';
import { belongs, type UserQuery } from '../../src/users/lists/list-query.ts';
import { isStillCurrent } from '../../src/users/snapshot-commands.ts';
import { aUserItem } from '../support/user-items.ts';

const SHOP = 'toys.myshopify.com';
const scope = { shop: SHOP, oneShop: false };

test('who has lost what a list is about does not belong in it any more, whatever a lagging index shows', () => {
  const member = toUser(scope, aUserItem(SHOP, 1));
  const other = toUser(scope, { user_id: 'u', shop: SHOP, membership_id: `${SHOP}#silver` });
  assert.ok(member !== undefined && other !== undefined);
  const queries: UserQuery[] = [
    { by: 'active' },
    { by: 'admin' },
    { by: 'featured_author' },
    { by: 'membership', membershipId: 'gold' },
  ];
  for (const query of queries)
    assert.deepEqual([belongs(query, member), belongs(query, other)], [true, false], query.by);
});

test('a snapshot outlasts older webhooks, but no later change and nobody else’s flags or plans', () => {
  const customer = {
    id: 'gid://shopify/Customer/1',
    firstName: null,
    lastName: null,
    defaultEmailAddress: null,
    state: 'ENABLED',
    tags: [],
    verifiedEmail: true,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:05Z',
    is_admin: null,
    is_featured_author: null,
    membership_plan: null,
  };
  const snapshot = fromGraphql(customer);
  const at = (second: number, attributes: object = {}) => ({
    shopify_updated_at: `2026-01-01T00:00:0${second}.000Z`,
    is_admin: 'true',
    ...attributes,
  });
  assert.equal(isStillCurrent(snapshot, at(1), at(4)), true);
  assert.equal(
    isStillCurrent(snapshot, at(1), at(5)),
    false,
    'of the same second nobody knows which is newer',
  );
  assert.equal(isStillCurrent(snapshot, at(1), at(6)), false);
  assert.equal(isStillCurrent(snapshot, at(1), at(4, { is_admin: undefined })), false);
  assert.equal(isStillCurrent(snapshot, at(1), at(4, { membership: { id: 'gold' } })), false);
  assert.equal(isStillCurrent(snapshot, at(1), undefined), false);
});
