import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobState } from '../../src/ledger/jobs.ts';
import { toJobStatus } from '../../src/sync/status/job-status.ts';

const started_at = '2026-11-01T10:00:00.000Z';
const now = new Date('2026-11-01T10:00:10.000Z');
const held = (progress: object): JobState => ({ progress: { started_at, ...progress }, isHeld: true });
const left = (progress: object): JobState => ({ ...held(progress), isHeld: false });
const show = (jobs: Record<string, JobState>) =>
  toJobStatus(new Map(Object.entries(jobs)), { gold: 400 }, now);

test('an import is shown with its rate and the time left, also while nobody works on it', () => {
  const backfill = left({ kind: 'backfill', state: 'applying', done: 100, total: 400 });
  const job = show({ backfill, reconcile: held({ kind: 'reconcile', done: 3 }) });
  assert.deepEqual(job, {
    kind: 'backfill',
    state: 'running',
    done: 100,
    total: 400,
    rate_per_second: 10,
    seconds_left: 30,
    started_at,
    problem: null,
  });
});

test('as long as Shopify collects the customers it waits, and nobody knows how long', () => {
  const job = show({ compare: held({ kind: 'compare', state: 'reading', done: 0 }) });
  assert.deepEqual(
    [job?.kind, job?.state, job?.total, job?.rate_per_second, job?.seconds_left],
    ['compare', 'waiting', null, null, null],
  );
});

test('the copying of a changed plan is shown out of its members, as long as somebody is at it', () => {
  const progress = { kind: 'fan_out', plan: 'gold', target: 'x', pass: 1, seen: 100, written: 90 };
  const job = show({ 'fan_out#gid://shopify/Metaobject/1': held(progress) });
  assert.deepEqual([job?.kind, job?.done, job?.total, job?.seconds_left], ['fan_out', 100, 400, 30]);
  assert.equal(show({ 'fan_out#gid://shopify/Metaobject/1': left(progress) }), null);
});

test('missed changes are looked for without a known end; what is done is not shown', () => {
  assert.equal(show({ reconcile: held({ kind: 'reconcile', done: 50 }) })?.total, null);
  assert.equal(show({ reconcile: left({ kind: 'reconcile', done: 50 }) }), null);
  assert.equal(show({ backfill: left({ kind: 'backfill', state: 'done', done: 4, total: 4 }) }), null);
  assert.equal(show({ backfill: held({ kind: 'of another version' }) }), null);
});
