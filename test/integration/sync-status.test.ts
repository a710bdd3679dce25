import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncAnswer } from '../../src/http/api/types.ts';
import type { FullSyncReport } from '../../src/ledger/full-sync-reports.ts';
import { as } from '../support/api.ts';
import { runJob } from '../support/jobs.ts';
import { openPage } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall({}, async (program) => {
  await openPage(program);
  // What the installation made due has ended too.
  await runJob(program, 'plans');
});
const ledger = () => running().rollcall.ledger;

async function status(): Promise<SyncAnswer> {
  const { status: code, body } = await as(running(), SHOP).get('/api/sync');
  assert.equal(code, 200);
  return body;
}

function aReport(fields: Partial<FullSyncReport> = {}): FullSyncReport {
  const now = new Date().toISOString();
  return {
    mode: 'apply',
    reader: 'bulk',
    complete: true,
    listed: 3,
    written: 1,
    unchanged: 2,
    already_newer: 0,
    tombstoned: 0,
    duplicate: 0,
    failed: 0,
    unreadable: 0,
    undecided: 0,
    removed: 0,
    extra_here: 0,
    differences: { missing_here: 1, extra_here: 0, stale: 0, wrong_entitlements: 0 },
    unconfirmed_removals: 0,
    listings: 1,
    incomplete_runs: 0,
    requests: 4,
    write_units: 3,
    snapshot_at: now,
    started_at: now,
    finished_at: now,
    duration_ms: 20,
    ...fields,
  };
}

test('a shop is in sync once everybody was read and a reconcile has ended, and metrics count the same', async () => {
  const checks = running().rollcall.context.metrics.syncChecks;
  const countOf = async (inSync: boolean) =>
    (await checks.get()).values.find(({ labels }) => labels['in_sync'] === String(inSync))?.value ?? 0;
  await ledger().fullSyncReports.put(SHOP, aReport({ complete: false, problem: 'Shopify stopped' }));
  const [before] = [await countOf(true)];
  await runJob(running(), 'reconcile');
  const owed = await status();
  assert.deepEqual([owed.in_sync, owed.not_in_sync], [false, 'full_sync_owed']);
  assert.deepEqual([owed.full?.problem, owed.full?.differing], ['Shopify stopped', null]);
  assert.ok((await countOf(false)) > 0);
  assert.equal(await countOf(true), before);

  await ledger().fullSyncReports.put(SHOP, aReport());
  await runJob(running(), 'reconcile');
  const fine = await status();
  assert.deepEqual([fine.in_sync, fine.not_in_sync], [true, null]);
  assert.equal(await countOf(true), before + 1);
});

test('a full sync that only looked is shown, and changes nothing of being in sync', async () => {
  const { written: _, ...rest } = aReport({ mode: 'check', differing: 1 });
  await ledger().fullSyncReports.put(SHOP, rest);
  const { full, in_sync } = await status();
  assert.deepEqual([full?.mode, full?.written, full?.differing, in_sync], ['check', null, 1, true]);
});

test('removals that wait for an answer are told with their number', async () => {
  await ledger().fullSyncReports.put(SHOP, aReport({ unconfirmed_removals: 40, extra_here: 40 }));
  const { attention, not_in_sync } = await status();
  assert.deepEqual(
    attention.map(({ code, count, user_id }) => [code, count, user_id]),
    [['removals_unconfirmed', 40, null]],
  );
  assert.match(attention[0]?.message ?? '', /^40 users are no longer in Shopify/);
  assert.equal(not_in_sync, 'removals_unconfirmed');
  await ledger().fullSyncReports.put(SHOP, aReport());
  assert.deepEqual((await status()).attention, []);
});

test('those who wait to be read are counted, up to 500, with since when the first one waits', async () => {
  const since = '2026-01-01T00:00:00.000Z';
  for (let n = 1; n <= 501; n += 1)
    await running().putInLedger({
      pk: `${SHOP}#pending_refresh`,
      sk: String(n),
      since: n === 7 ? since : '2026-01-02T00:00:00.000Z',
      version: 'a',
    });
  const { pending, not_in_sync } = await status();
  assert.deepEqual(pending, { count: 500, more: true, oldest_at: since });
  assert.equal(not_in_sync, 'pending_overdue');
});

test('a job that Shopify refuses is told with its reason and when it is tried again', async () => {
  running().shops.shop(SHOP).faults.next('forbidden', { on: 'graphql' });
  await ledger().jobs.request(SHOP, 'plans', 'short');
  await running().rollcall.scheduler.wake(SHOP, 'plans');
  const { job } = await status();
  assert.equal(job?.kind, 'plans');
  assert.equal(job.state, 'stalled');
  assert.equal(job.stalled?.reason, 'forbidden');
  assert.ok(Date.parse(job.stalled.next_at ?? '') > Date.now());
});

test('a shop whose deliveries do not arrive is told of under attention', async () => {
  await running().putInLedger({ pk: SHOP, sk: 'sync', silent_repairs: 3 });
  const codes = (await status()).attention.map(({ code }) => code);
  assert.deepEqual(codes, ['webhooks_silent']);
});
