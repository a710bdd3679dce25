import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdStore } from '../../src/sync/full/id-store.ts';

test('ids of any length are kept apart, and go page by page', () => {
  const ids = createIdStore();
  const many = ['7', '70', '706405506930370084', '7064055069303700841', '7'.repeat(40), '9'.repeat(128)];
  assert.deepEqual(
    many.map((id) => ids.addListed(id)),
    many.map(() => true),
  );
  assert.deepEqual(
    many.map((id) => ids.addListed(id)),
    many.map(() => false),
  );
  ids.addUnlisted([...many, '8', '80', '8'.repeat(30)]);
  ids.addCandidates(['8', '7']);
  const first = ids.nextCandidates(undefined, 2);
  const rest = ids.nextCandidates(first.at(-1), 9);
  assert.deepEqual([...first, ...rest], ['7', '8', '80', '8'.repeat(30)]);
  ids.markAbsent(['80', '8'.repeat(30)]);
  assert.equal(ids.countAbsent(), 2);
  assert.deepEqual(ids.nextAbsent(undefined, 1), ['80']);
  assert.deepEqual(ids.nextAbsent('80', 9), ['8'.repeat(30)]);
  ids.clearListed();
  assert.equal(ids.addListed('7'), true);
  ids.close();
});
