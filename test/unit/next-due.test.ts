import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDue } from '../../src/sync/full/next-due.ts';
import { aReport } from '../support/reports.ts';

const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(Date.UTC(2026, 10, 1) + hours * HOUR_MS);

test('a shop where everybody has never been read is due at once', () => {
  assert.deepEqual(nextDue(undefined, at(3)), at(3));
});

test('a complete one is followed by another a week later, whatever was checked meanwhile', () => {
  const report = aReport({ finished_at: at(0).toISOString() });
  assert.deepEqual(nextDue(report, at(50)), at(7 * 24));
});

test('one that is not complete is repeated after waits that double from an hour to a day', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((runs) => {
    const report = aReport({ complete: false, incomplete_runs: runs, finished_at: at(0).toISOString() });
    return (nextDue(report, at(0)).getTime() - at(0).getTime()) / HOUR_MS;
  });
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 24, 24]);
});
