import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSnapshot } from '../../src/customers/snapshot.ts';
import { isLeftOut, spoiltAt, withSpoilt, type Spoilt } from '../../src/customers/spoilt.ts';

const node = {
  id: 'gid://shopify/Customer/1',
  firstName: null,
  lastName: 'Biller',
  defaultEmailAddress: null,
  state: 'ENABLED',
  tags: [],
  verifiedEmail: true,
  createdAt: '2022-01-01T00:00:00Z',
  updatedAt: '2022-01-01T00:00:00Z',
  is_admin: null,
  is_featured_author: null,
  membership_plan: null,
};

const read = (one: unknown, ...spoilt: Spoilt[]) => readSnapshot(withSpoilt(one, spoilt));

function profileOf(...spoilt: Spoilt[]) {
  const snapshot = read(node, ...spoilt);
  return typeof snapshot === 'string' ? snapshot : snapshot.customer.profile;
}

test('an error is about its place, what is in it, and where it is in', () => {
  const spoilt: Spoilt[] = [
    { path: ['nodes', 1, 'email'], kind: 'withheld' },
    { path: ['nodes', 2], kind: 'failed' },
  ];
  assert.deepEqual(spoiltAt(spoilt, ['nodes', 0]), []);
  assert.deepEqual(spoiltAt(spoilt, ['nodes', 1]), [{ path: ['email'], kind: 'withheld' }]);
  assert.deepEqual(spoiltAt(spoilt, ['nodes', 2, 'email']), [{ path: [], kind: 'failed' }]);
  assert.deepEqual(spoiltAt([{ path: [], kind: 'withheld' }], ['nodes', 5]), [
    { path: [], kind: 'withheld' },
  ]);
});

test('a null that was left out says nothing; one that was not found does', () => {
  assert.equal(read(null), 'gone');
  assert.equal(read(null, { path: [], kind: 'not_found' }), 'gone');
  assert.equal(read(null, { path: [], kind: 'failed' }), 'unanswered');
  assert.equal(read(null, { path: ['state'], kind: 'withheld' }), 'unanswered');
  assert.equal(isLeftOut([{ path: [], kind: 'not_found' }]), false);
});

test('a withheld field is unknown, whichever part of it the error names; null elsewhere is null', () => {
  const rest = { lastName: 'Biller', state: 'enabled', verifiedEmail: true };
  for (const path of [['defaultEmailAddress'], ['defaultEmailAddress', 'emailAddress']])
    assert.deepEqual(profileOf({ path, kind: 'withheld' }), { ...rest, firstName: null });
  assert.deepEqual(profileOf({ path: ['firstName'], kind: 'withheld' }), { ...rest, email: null });
  assert.deepEqual(profileOf(), { ...rest, email: null, firstName: null });
});

test('an error without a place makes the nulls of the profile unknown, and no role', () => {
  const snapshot = read(node, { path: [], kind: 'withheld' });
  assert.ok(typeof snapshot !== 'string');
  assert.deepEqual(snapshot.customer.profile, { lastName: 'Biller', state: 'enabled', verifiedEmail: true });
  assert.deepEqual([snapshot.isAdmin, snapshot.plan], [null, null]);
});

test('a withheld metafield is neither set nor unset', () => {
  const snapshot = read(node, { path: ['is_admin'], kind: 'withheld' });
  assert.ok(typeof snapshot !== 'string');
  assert.deepEqual([snapshot.isAdmin, snapshot.isFeaturedAuthor], [undefined, null]);
});

test('a field that is missing without a word makes a customer unreadable', () => {
  assert.equal(read({ ...node, firstName: undefined }), 'unreadable');
  assert.equal(read({ ...node, is_admin: undefined }), 'unreadable');
});

test('a part that failed makes the whole customer unanswered', () => {
  assert.equal(profileOf({ path: ['membership_plan', 'reference'], kind: 'failed' }), 'unanswered');
});
