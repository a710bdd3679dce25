import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromWebhook } from '../../src/customers/customer.ts';
import { precedenceOf, type Incoming, type Precedence, type Stored } from '../../src/customers/precedence.ts';
import { fromGraphql } from '../../src/customers/snapshot.ts';

const aNode = {
  id: 'gid://shopify/Customer/1',
  firstName: null,
  lastName: null,
  defaultEmailAddress: null,
  state: 'ENABLED',
  verifiedEmail: true,
  tags: [],
  is_admin: null,
  is_featured_author: null,
  membership_plan: null,
  createdAt: '2026-01-01T00:00:00Z',
};

/** The stored time, as seen from what arrives. */
const TIMES = {
  earlier: '2022-01-01T00:00:04.000Z',
  equal: '2022-01-01T00:00:05.000Z',
  later: '2022-01-01T00:00:06.000Z',
};
/** The same second, as older programs and other programs store it. */
const FORMS = {
  fraction: '2022-01-01T00:00:05.395Z',
  last: '2022-01-01T00:00:05.999999Z',
  short: '2022-01-01T00:00:05Z',
};
/** The stored digest, as seen from what arrives. */
const DIGESTS = { less: 'a'.repeat(32), same: 'b'.repeat(32), greater: 'c'.repeat(32) };

const updatedAt = TIMES.equal;
const incomings: Record<string, Incoming> = {
  webhook: { by: 'webhook', change: { updatedAt, digest: DIGESTS.same } },
  id: { by: 'webhook', change: undefined },
  snapshot: { by: 'snapshot', updatedAt },
  listing: { by: 'listing', updatedAt },
  tombstone: { by: 'tombstone' },
};

const storeds: Record<string, Stored> = {
  nobody: { by: 'nobody' },
  tombstone: { by: 'tombstone', inferred: false },
  absence: { by: 'tombstone', inferred: true },
  'webhook untimed': { by: 'webhook', updatedAt: undefined, digest: undefined },
  'webhook equal undigested': { by: 'webhook', updatedAt, digest: undefined },
};
for (const by of ['webhook', 'snapshot'] as const)
  for (const [time, storedAt] of Object.entries(TIMES))
    for (const [size, digest] of Object.entries(DIGESTS))
      storeds[`${by} ${time} ${size}`] = { by, updatedAt: storedAt, digest };

/** Who wins: what arrives, what is stored (a pattern), and the outcome. */
const rules: [incoming: string, stored: RegExp, precedence: Precedence][] = [
  ['webhook', /^nobody/, 'wins'],
  ['webhook', /^(tombstone|absence)/, 'deleted'],
  ['webhook', /untimed$/, 'wins'],
  ['webhook', / earlier /, 'wins'],
  ['webhook', /^webhook equal less$/, 'wins'],
  ['webhook', /^webhook equal same$/, 'duplicate'],
  ['webhook', /^webhook equal greater$/, 'tie'],
  ['webhook', /^webhook equal undigested$/, 'tie'],
  ['webhook', /^snapshot equal less$/, 'tie'],
  ['webhook', /^snapshot equal same$/, 'duplicate'],
  ['webhook', /^snapshot equal greater$/, 'tie'],
  ['webhook', / later /, 'stale'],
  ['id', /^nobody/, 'wins'],
  ['id', /^(tombstone|absence)/, 'deleted'],
  ['id', /^(webhook|snapshot) /, 'duplicate'],
  ['snapshot', /^nobody/, 'wins'],
  ['snapshot', /^tombstone/, 'deleted'],
  ['snapshot', /^absence/, 'wins'],
  ['snapshot', /untimed$/, 'wins'],
  ['snapshot', / earlier /, 'wins'],
  ['snapshot', / equal /, 'wins'],
  ['snapshot', / later /, 'stale'],
  ['listing', /^nobody/, 'wins'],
  ['listing', /^tombstone/, 'deleted'],
  ['listing', /^absence/, 'tie'],
  ['listing', /untimed$/, 'wins'],
  ['listing', / earlier /, 'wins'],
  ['listing', / equal /, 'tie'],
  ['listing', / later /, 'stale'],
  ['tombstone', /^nobody/, 'wins'],
  ['tombstone', /^tombstone/, 'duplicate'],
  ['tombstone', /^absence/, 'wins'],
  ['tombstone', /^(webhook|snapshot) /, 'wins'],
];

for (const [incomingName, incoming] of Object.entries(incomings))
  test(`every pair of ${incomingName} and what is stored has one outcome`, () => {
    for (const [storedName, stored] of Object.entries(storeds)) {
      const expected = rules
        .filter(([name, pattern]) => name === incomingName && pattern.test(storedName))
        .map(([, , precedence]) => precedence);
      assert.deepEqual([precedenceOf(incoming, stored)], expected, `${incomingName} meets ${storedName}`);
    }
  });

test('a stored time is read to the whole second, in whatever form it is stored', () => {
  const digest = DIGESTS.greater;
  for (const incoming of Object.values(incomings))
    for (const by of ['webhook', 'snapshot'] as const)
      for (const form of Object.values(FORMS))
        assert.equal(
          precedenceOf(incoming, { by, updatedAt: form, digest }),
          precedenceOf(incoming, { by, updatedAt, digest }),
          `${incoming.by} meets ${by} of ${form}`,
        );
});

test('the time of an update is read to the whole second, whoever tells it', () => {
  const times = ['2026-01-31T10:00:29.395Z', '2026-01-31T05:00:29.999-05:00', '2026-01-31T10:00:29Z'];
  for (const updated_at of times) {
    assert.equal(fromWebhook({ id: 1, updated_at }).updatedAt, '2026-01-31T10:00:29.000Z');
    assert.equal(
      fromGraphql({ ...aNode, updatedAt: updated_at }).customer.updatedAt,
      '2026-01-31T10:00:29.000Z',
    );
  }
  for (const updated_at of ['9999-12-31T23:59:59-01:00', 'soon', null])
    assert.throws(() => fromWebhook({ id: 1, updated_at }), { code: 'customer_unreadable' });
});

test('changes of webhooks are ordered by time, then by digest', () => {
  const at = (time: string, digest: string) => ({ updatedAt: time, digest });
  const first = at(TIMES.equal, 'b');
  const middle = at(TIMES.equal, 'c');
  const last = at(TIMES.later, 'a');
  const meets = (change: typeof first, stored: typeof first) =>
    precedenceOf({ by: 'webhook', change }, { by: 'webhook', ...stored });
  assert.deepEqual([meets(middle, first), meets(last, middle), meets(last, first)], ['wins', 'wins', 'wins']);
  assert.deepEqual(
    [meets(first, middle), meets(middle, last), meets(first, last)],
    ['tie', 'stale', 'stale'],
  );
  assert.equal(meets(middle, { ...middle }), 'duplicate');
});
