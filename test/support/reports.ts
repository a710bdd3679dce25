import type { FullSyncReport } from '../../src/ledger/full-sync-reports.ts';

/** The report of a full sync that is complete; fields may be overridden. */
export function aReport(fields: Partial<FullSyncReport> = {}): FullSyncReport {
  return {
    mode: 'apply',
    reader: 'bulk',
    complete: true,
    listed: 100,
    written: 100,
    unchanged: 0,
    already_newer: 0,
    tombstoned: 0,
    duplicate: 0,
    failed: 0,
    unreadable: 0,
    undecided: 0,
    removed: 0,
    extra_here: 0,
    differences: { missing_here: 0, extra_here: 0, stale: 0, wrong_entitlements: 0 },
    unconfirmed_removals: 0,
    listings: 1,
    incomplete_runs: 0,
    requests: 4,
    write_units: 450,
    snapshot_at: '2026-11-01T10:00:00.000Z',
    started_at: '2026-11-01T10:00:00.000Z',
    finished_at: '2026-11-01T10:00:00.000Z',
    duration_ms: 0,
    ...fields,
  };
}
