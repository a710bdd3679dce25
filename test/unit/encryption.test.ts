import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { createEncryption } from '../../src/encryption.ts';

const [one, two] = [randomBytes(32), randomBytes(32)];
const unreadable = (error: unknown) => error instanceof AppError && error.code === 'token_unreadable';

test('what is sealed opens again, and looks different every time', () => {
  const encryption = createEncryption([one]);
  const [a, b] = [encryption.seal('shpat_secret', 'toys'), encryption.seal('shpat_secret', 'toys')];
  assert.equal(encryption.open(a, 'toys'), 'shpat_secret');
  assert.notEqual(a.sealed, b.sealed);
  assert.equal(JSON.stringify(a).includes('shpat'), false);
});

test('it does not open for another shop, or changed in any byte', () => {
  const encryption = createEncryption([one]);
  const { key_id, sealed } = encryption.seal('shpat_secret', 'toys');
  assert.throws(() => encryption.open({ key_id, sealed }, 'other'), unreadable);
  const bytes = Buffer.from(sealed, 'base64');
  for (let n = 0; n < bytes.length; n += 1) {
    const changed = Buffer.from(bytes);
    changed[n] = (changed[n] ?? 0) ^ 1;
    assert.throws(() => encryption.open({ key_id, sealed: changed.toString('base64') }, 'toys'), unreadable);
  }
  assert.throws(() => encryption.open({ key_id, sealed: '' }, 'toys'));
});

test('after a change of the key the previous one still opens, and the new one seals', () => {
  const old = createEncryption([one]).seal('shpat_secret', 'toys');
  const both = createEncryption([two, one]);
  assert.equal(both.open(old, 'toys'), 'shpat_secret');
  assert.equal(both.seal('x', 'toys').key_id, createEncryption([two]).keyId);
  assert.throws(() => createEncryption([two]).open(old, 'toys'), unreadable);
});
