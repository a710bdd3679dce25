import assert from 'node:assert/strict';
import { test } from 'node:test';
import { precedenceOf, type Incoming, type Precedence, type Stored } from '../../src/customers/precedence.ts';

/** The stored time, as seen from what arrives. */
const TIMES = {
  earlier: '2022-01-01T00:00:04.000Z',
  equal: '2022-01-01T00:00:05.000Z',
  later: '2022-01-01T00:00:06.000Z',
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
