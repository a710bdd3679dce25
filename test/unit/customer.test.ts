import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf } from '../../src/customers/change.ts';
import { customerIdOf, fromWebhook } from '../../src/customers/customer.ts';
import { AppError } from '../../src/errors.ts';
import { parseExact } from '../../src/shopify/json.ts';
import { aCustomerUpdate, aFixture, BOB_ID } from '../support/customer-update.ts';

const read = (fields: Record<string, unknown>) => fromWebhook(parseExact(aCustomerUpdate(fields).body));
const unreadable = (error: unknown) => error instanceof AppError && error.code === 'customer_unreadable';

test('the documented payload is read whole', () => {
  assert.deepEqual(fromWebhook(parseExact(aFixture('customers/update').body)), {
    id: BOB_ID,
    createdAt: '2022-01-01T00:00:00.000Z',
    updatedAt: '2022-01-01T00:00:00.000Z',
    profile: {
      email: 'bob@biller.com',
      firstName: 'Bob',
      lastName: 'Biller',
      state: 'disabled',
      verifiedEmail: true,
    },
  });
});

test('an id keeps every digit, whether it comes as a number, as text or as a gid', () => {
  for (const id of ['1', '9007199254740993', '706405506930370084', '7064055069303700841234567']) {
    assert.equal(customerIdOf(parseExact(`{"id": ${id}}`)), id);
    assert.equal(customerIdOf({ id }), id);
    assert.equal(customerIdOf({ admin_graphql_api_id: `gid://shopify/Customer/${id}` }), id);
  }
});

test('a body without one usable id is unreadable', () => {
  const bodies = [
    '{}',
    'null',
    '[]',
    '"x"',
    '{"id": 0}',
    '{"id": -1}',
    '{"id": 1.5}',
    '{"id": "01"}',
    '{"id": 1e30}',
  ];
  for (const body of bodies) assert.throws(() => customerIdOf(parseExact(body)), unreadable, body);
  const differing = { id: 1, admin_graphql_api_id: 'gid://shopify/Customer/2' };
  assert.throws(() => customerIdOf(differing), unreadable);
  assert.throws(() => customerIdOf({ admin_graphql_api_id: 'gid://shopify/Order/2' }), unreadable);
});

test('times of every offset become UTC of one width', () => {
  for (const time of ['2021-12-31T19:00:00-05:00', '2022-01-01T00:00:00Z', '2022-01-01T05:45:00+05:45'])
    assert.equal(read({ updated_at: time }).updatedAt, '2022-01-01T00:00:00.000Z');
});

test('what is no time, or none of the years 1 to 9999 in UTC, is unreadable', () => {
  for (const time of ['0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00'])
    assert.throws(() => read({ updated_at: time }), unreadable, time);
  for (const time of ['2021-12-31', '2021-12-31T19:00:00', 'yesterday', '', 17, null, '2021-02-31T00:00:00Z'])
    assert.throws(() => read({ updated_at: time }), unreadable, String(time));
});

test('absent, null and empty stay three different things', () => {
  assert.equal('email' in read({ email: undefined }).profile, false);
  assert.equal(read({ email: null }).profile.email, null);
  assert.equal(read({ email: '' }).profile.email, '');
  const digests = [undefined, null, ''].map((email) => changeOf(read({ email }))?.digest);
  assert.equal(new Set(digests).size, 3);
});

test('names and e-mail that are null all together are withheld, not removed; one that is null alone is removed', () => {
  const all = { email: null, first_name: null, last_name: null };
  assert.deepEqual(read(all).profile, { state: 'enabled', verifiedEmail: true });
  assert.deepEqual(read({ ...all, state: null, verified_email: null }).profile, {
    state: null,
    verifiedEmail: null,
  });
  assert.equal(read({ ...all, first_name: '' }).profile.email, null);
  assert.equal(read({ ...all, last_name: undefined }).profile.firstName, null);
  for (const name of Object.keys(all))
    assert.ok(Object.values(read({ [name]: null }).profile).includes(null), name);
});

test('an id alone has an empty profile and makes no change', () => {
  const customer = fromWebhook({ id: BOB_ID });
  assert.deepEqual(customer, { id: BOB_ID, profile: {} });
  assert.equal(changeOf(customer), undefined);
});

test('a profile without updated_at is unreadable, because it cannot be ordered', () => {
  assert.throws(() => read({ updated_at: undefined }), unreadable);
});

test('a field of a wrong type is unreadable, and the reason holds no value', () => {
  const secret = 'x'.repeat(2000);
  for (const fields of [{ email: 17 }, { first_name: secret }, { verified_email: 'yes' }, { state: {} }])
    assert.throws(
      () => read(fields),
      (error) => unreadable(error) && error instanceof Error && !error.message.includes('xxx'),
    );
});

test('the digest ignores what is not kept', () => {
  assert.equal(changeOf(read({ note: 'a' }))?.digest, changeOf(read({ note: 'b', phone: '1' }))?.digest);
});
