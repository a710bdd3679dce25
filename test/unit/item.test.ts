import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUser, type Scope } from '../../src/users/item.ts';

const one: Scope = { shop: 'toys.myshopify.com', oneShop: true };
const many: Scope = { shop: 'toys.myshopify.com', oneShop: false };
const row = { user_id: 'u1', shop: 'toys.myshopify.com' };

test("a flag that an older program wrote as 'false' reads as false", () => {
  const user = toUser(one, { ...row, is_admin: 'false', is_featured_author: 'false', is_active: 'false' });
  assert.deepEqual([user?.is_admin, user?.is_featured_author, user?.is_active], [false, false, false]);
});

test('absent flags are false, and true is the literal in a one-shop deployment', () => {
  assert.equal(toUser(one, row)?.is_admin, false);
  assert.equal(toUser(one, { ...row, is_admin: 'true' })?.is_admin, true);
});

test('where any shop may install, only a value with the own shop is true', () => {
  const flag = (is_admin: string) => toUser(many, { ...row, is_admin })?.is_admin;
  assert.equal(flag('toys.myshopify.com#true'), true);
  assert.equal(flag('other.myshopify.com#true'), false);
  assert.equal(flag('true'), false);
});

test('a plan is shown without the shop that its index value carries', () => {
  const membership_id = 'toys.myshopify.com#gold';
  assert.equal(toUser(many, { ...row, membership_id })?.membership_id, 'gold');
  assert.equal(toUser(one, { ...row, membership_id: 'gold' })?.membership_id, 'gold');
});

test("another shop's row is nobody", () => {
  for (const scope of [one, many])
    assert.equal(toUser(scope, { ...row, shop: 'other.myshopify.com' }), undefined);
});

test('a row without a shop belongs to the shop of a one-shop deployment only', () => {
  assert.equal(toUser(one, { user_id: 'u1' })?.shop, 'toys.myshopify.com');
  assert.equal(toUser(many, { user_id: 'u1' }), undefined);
});

test('a tombstone is nobody', () => {
  assert.equal(toUser(one, { ...row, deleted_at: '2026-01-01T00:00:00.000Z' }), undefined);
  assert.equal(toUser(one, { ...row, redacted_at: '2026-01-01T00:00:00.000Z' }), undefined);
});

test('an attribute that another program wrote with another type reads as absent', () => {
  const user = toUser(one, { ...row, is_admin: true, created_at: 17, membership: 'gold', email: ['a'] });
  assert.deepEqual(
    [user?.is_admin, user?.created_at, user?.membership, user?.email],
    [false, null, null, null],
  );
});
