import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changeOf } from '../../src/customers/change.ts';
import { fromWebhook } from '../../src/customers/customer.ts';

const BOB = {
  email: 'bob@biller.com',
  first_name: 'Bob',
  last_name: 'Biller',
  state: 'enabled',
  verified_email: true,
};

// The digests stand in users tables: were they to change, every customer would look changed at once.
const digests: [profile: string, fields: Record<string, unknown>, digest: string][] = [
  ['with every field', BOB, '0c22ab89d1b7112b5adb77f43855fea7'],
  ['with no field', {}, '44136fa355b3678a1146ad16f7e8649e'],
  [
    'whose fields are all empty',
    { email: '', first_name: '', last_name: '', state: '' },
    'cc0b0f9f9d907c470929200ee63338f5',
  ],
  ['without an email', { ...BOB, email: null }, '07dcffc448a34db2f39ca337028c51e8'],
  ['that does not say the email', { ...BOB, email: undefined }, 'e614310728cd10cfacdb4ad8d5f147f0'],
  ['with an empty name', { ...BOB, first_name: '', last_name: '' }, 'a5d13aab88a097db215b35ad50ef978b'],
  [
    'in Unicode',
    { ...BOB, first_name: 'Zoë 🧸', last_name: '李 "\\ \u2028', email: 'zoë@bücher.example' },
    '89f8879612ec92701c3f81465cc3de50',
  ],
  ['of an upper-case state', { ...BOB, state: 'DISABLED' }, 'c619981af6dee90ce152c3fbd706ede6'],
  ['with an unverified email', { ...BOB, verified_email: false }, '0185aabaca7fed19f10ba43b5987fe21'],
  [
    'with its fields in another order',
    Object.fromEntries(Object.entries(BOB).toReversed()),
    '0c22ab89d1b7112b5adb77f43855fea7',
  ],
];

describe('the digest stays what it was, byte for byte,', () => {
  for (const [profile, fields, digest] of digests)
    test(`of a profile ${profile}`, () => {
      const customer = fromWebhook({ id: 1, updated_at: '2022-01-01T00:00:00Z', ...fields });
      assert.equal(changeOf(customer)?.digest, digest);
    });

  test('of a profile whose fields are all null', () => {
    // A webhook whose names and e-mail are all null says nothing of them; a snapshot may say so.
    const profile = { email: null, firstName: null, lastName: null, state: null, verifiedEmail: null };
    const customer = { id: '1', updatedAt: '2022-01-01T00:00:00.000Z', profile };
    assert.equal(changeOf(customer)?.digest, 'd9a02464056af418fa1d46afe34c804c');
  });
});
