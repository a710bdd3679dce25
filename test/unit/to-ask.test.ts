import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Customer } from '../../src/customers/customer.ts';
import type { Stored } from '../../src/customers/precedence.ts';
import type { Saved } from '../../src/users/saved.ts';
import { toAsk } from '../../src/webhooks/to-ask.ts';

const EARLIER = '2026-01-01T00:00:00.000Z';
const TIME = '2026-01-01T00:00:05.000Z';
const SOON = '2026-01-01T00:00:07Z';
const LATE = '2026-01-01T01:00:00Z';

const customer: Customer = { id: '1', updatedAt: TIME, profile: {} };
const nobody: Stored = { by: 'nobody' };
const known = (updatedAt: string | undefined): Stored => ({ by: 'webhook', updatedAt, digest: 'a' });
const ahead: Stored = {
  by: 'snapshot',
  updatedAt: '2027-01-01T00:00:00.000Z',
  digest: 'a',
  snapshotAt: EARLIER,
};
const tombstone = (inferred: boolean): Stored => ({ by: 'tombstone', inferred });

const rows: [what: string, saved: Saved, existing: Stored, triggeredAt: string | undefined, ask: string][] = [
  ['a change that moved the time', 'written', known(EARLIER), SOON, 'plain'],
  ['the first that is heard of somebody', 'written', nobody, SOON, 'plain'],
  ['the first of somebody whom others wrote', 'written', known(undefined), SOON, 'plain'],
  ['another content of the same second', 'written', known(TIME), SOON, 'durable'],
  ['a fraction of the same second', 'written', known('2026-01-01T00:00:05.395Z'), SOON, 'durable'],
  ['something that happened long after the time it tells', 'written', known(EARLIER), LATE, 'durable'],
  ['the same of somebody not known', 'written', nobody, LATE, 'durable'],
  ['a delivery that does not say when it was triggered', 'written', known(EARLIER), undefined, 'durable'],
  ['one that says it in no way that can be read', 'written', known(EARLIER), 'soon', 'durable'],
  ['what stands already', 'duplicate', known(TIME), SOON, 'durable'],
  ['what loses to the same second', 'tie', known(TIME), SOON, 'durable'],
  ['what is older', 'stale', known('2026-02-01T00:00:00.000Z'), SOON, 'none'],
  ['what is older than a time that is not Shopify’s', 'stale', ahead, SOON, 'durable'],
  ['somebody who is gone', 'deleted', tombstone(false), SOON, 'none'],
  ['somebody who seemed to be gone', 'deleted', tombstone(true), SOON, 'durable'],
];

for (const [what, saved, existing, triggeredAt, ask] of rows)
  test(`after ${what} Shopify is asked: ${ask}`, () => {
    assert.equal(toAsk({ saved, existing }, customer, triggeredAt), ask);
  });

test('an id alone has no time by which it could be found', () => {
  assert.equal(toAsk({ saved: 'written', existing: nobody }, { id: '1', profile: {} }, SOON), 'durable');
});
