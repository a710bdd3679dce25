import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import type { Stalled } from '../../src/ledger/jobs.ts';
import { backOff } from '../../src/sync/jobs/back-off.ts';

const START = new Date('2026-11-01T12:00:00Z');

/** Minutes from each of so many attempts in a row to the next. */
function delays(error: unknown, count: number): number[] {
  let now = START;
  let before: Stalled | undefined;
  return Array.from({ length: count }, () => {
    const { until, stalled } = backOff(error, before, now);
    const minutes = (until.getTime() - now.getTime()) / 60_000;
    [now, before] = [until, stalled];
    return minutes;
  });
}

for (const code of ['admin_api_refused', 'reauthorization_needed', 'token_unreadable'] as const)
  test(`${code}: tried after 5 minutes, doubling to 6 hours, then daily`, () => {
    const expected = [5, 10, 20, 40, 80, 160, 320, 360, 1440, 1440];
    assert.deepEqual(delays(new AppError(code, 'no'), expected.length), expected);
  });

for (const error of [
  new AppError('admin_api_unavailable', 'later'),
  new AppError('store_failed', 'later'),
  new Error('?'),
])
  test(`${error instanceof AppError ? error.code : 'any other error'}: tried after half a minute, doubling to 5`, () => {
    const expected = [0.5, 1, 2, 4, 5, 5];
    assert.deepEqual(delays(error, expected.length), expected);
  });

test('a job stalls since its first failure, for the reason of the last', () => {
  const refused = new AppError('admin_api_refused', 'no', { reason: 'unavailable_shop' });
  const first = backOff(new Error('?'), undefined, START).stalled;
  const now = new Date(START.getTime() + 60_000);
  assert.deepEqual(backOff(refused, first, now).stalled, {
    since: START.toISOString(),
    reason: 'unavailable_shop',
    attempts: 2,
  });
});

test('after a sign that Shopify may answer again the delays begin anew, the time since when does not', () => {
  const refused = new AppError('admin_api_refused', 'no');
  const since = '2026-10-01T00:00:00.000Z';
  const { until, stalled } = backOff(refused, { since, reason: 'forbidden', attempts: 0 }, START);
  assert.equal(until.getTime() - START.getTime(), 5 * 60_000);
  assert.equal(stalled.since, since);
});
