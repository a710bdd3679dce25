import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate } from '../../src/ledger/certificates.ts';
import { isImportDue } from '../../src/sync/full/due.ts';

const HOUR_MS = 3_600_000;
const requestedAt = '2026-11-01T10:00:00.000Z';
const at = (hours: number) => new Date(Date.parse(requestedAt) + hours * HOUR_MS);

function aCertificate(hours: number, fields: Partial<Certificate> = {}): Certificate {
  return {
    complete: false,
    problem: '1 customers could not be read or written',
    way: 'bulk',
    object_count: 100,
    lines_read: 100,
    written: 99,
    unchanged: 0,
    already_newer: 0,
    duplicate: 0,
    tombstoned: 0,
    failed: 1,
    unreadable: 0,
    other: 0,
    digest: '',
    snapshot_at: at(hours).toISOString(),
    started_at: at(hours).toISOString(),
    finished_at: at(hours).toISOString(),
    duration_ms: 0,
    operations: 1,
    requests: 4,
    write_units: 450,
    ...fields,
  };
}

/** At which hours an import runs in so many hours if each ends at once, and like this. */
function hoursOfRuns(hours: number, fields: Partial<Certificate>): number[] {
  const runs: number[] = [];
  for (let hour = 0; hour <= hours; hour += 1) {
    const before = runs.at(-1);
    const last = before === undefined ? undefined : aCertificate(before, fields);
    if (isImportDue({ requestedAt, last, complete: undefined }, at(hour))) runs.push(hour);
  }
  return runs;
}

test('an installation is followed by an import at once, whatever came before it', () => {
  const older = aCertificate(-1, { complete: true });
  assert.equal(isImportDue({ requestedAt, last: older, complete: older }, at(0)), true);
  assert.equal(isImportDue({ requestedAt, last: aCertificate(-0.1), complete: undefined }, at(0)), true);
});

test('an import that nobody wants is not due, nor one that has been complete since', () => {
  const complete = aCertificate(0, { complete: true });
  assert.equal(isImportDue({ requestedAt: undefined, last: undefined, complete: undefined }, at(0)), false);
  assert.equal(isImportDue({ requestedAt, last: complete, complete }, at(99)), false);
});

test('an import that lacks single customers is repeated after waits that double from an hour to a day', () => {
  assert.deepEqual(hoursOfRuns(100, {}), [0, 1, 2, 4, 8, 16, 32, 56, 80]);
});

test('an import that lacks more is repeated every hour', () => {
  for (const lack of [{ lines_read: 99 }, { duplicate: 1 }, { unreadable: 1 }])
    assert.deepEqual(hoursOfRuns(6, lack), [0, 1, 2, 3, 4, 5, 6]);
});
