import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JobState } from '../../src/ledger/jobs.ts';
import { toJobStatus } from '../../src/sync/status/job-status.ts';

const started_at = '2026-11-01T10:00:00.000Z';
const now = new Date('2026-11-01T10:00:10.000Z');
const since = '2026-11-01T08:00:00.000Z';
const [past, later] = ['2026-11-01T10:00:09.000Z', '2026-11-01T10:05:00.000Z'];

const aJobState = (fields: Partial<JobState> = {}): JobState => ({
  progress: undefined,
  requested: undefined,
  isHeld: false,
  dueAt: undefined,
  stalled: undefined,
  ...fields,
});
const held = (progress: object): JobState =>
  aJobState({ progress: { started_at, ...progress }, isHeld: true, dueAt: later });
const left = (progress: object): JobState => ({ ...held(progress), isHeld: false, dueAt: past });
const stalled = (reason: string, attempts: number, fields: Partial<JobState> = {}): JobState =>
  aJobState({ stalled: { since, reason, attempts }, dueAt: later, ...fields });
const show = (jobs: Record<string, JobState>) =>
  toJobStatus(new Map(Object.entries(jobs)), { gold: 400 }, now);
const applying = { kind: 'full', mode: 'apply', state: 'applying', done: 100, total: 400 };

describe('a full sync', () => {
  test('is shown with its rate and the time left', () => {
    const job = show({ full: held(applying), reconcile: held({ kind: 'reconcile', done: 3 }) });
    assert.deepEqual(job, {
      kind: 'full',
      state: 'working',
      waiting_for: null,
      mode: 'apply',
      done: 100,
      total: 400,
      rate_per_second: 10,
      seconds_left: 30,
      started_at,
      stalled: null,
      problem: null,
    });
  });

  test('waits while Shopify collects the customers, and nobody knows how long', () => {
    const job = show({ full: held({ kind: 'full', mode: 'check', state: 'reading', done: 0 }) });
    assert.deepEqual(
      [job?.state, job?.waiting_for, job?.mode, job?.total, job?.rate_per_second, job?.seconds_left],
      ['waiting', 'shopify', 'check', null, null, null],
    );
  });

  test('works while it looks for the deleted', () => {
    assert.equal(show({ full: held({ ...applying, state: 'deletions' }) })?.state, 'working');
  });

  test('that is asked for waits for its turn, in the mode that was asked for', () => {
    const job = show({ full: aJobState({ requested: { mode: 'check' }, dueAt: past }) });
    assert.deepEqual(
      [job?.state, job?.waiting_for, job?.mode, job?.started_at],
      ['waiting', 'turn', 'check', null],
    );
  });

  test('of a process that died counts as work until its lease is over, and waits for its turn then', () => {
    assert.equal(show({ full: held(applying) })?.state, 'working');
    const job = show({ full: left(applying) });
    assert.deepEqual([job?.state, job?.waiting_for, job?.done], ['waiting', 'turn', 100]);
  });

  test('that is due next week is no work', () => {
    assert.equal(show({ full: aJobState({ dueAt: later }) }), null);
  });

  test('whose progress another release wrote is under way all the same', () => {
    const job = show({ full: aJobState({ isHeld: true, progress: { state: 7, done: 'some' } }) });
    assert.deepEqual([job?.state, job?.done, job?.total, job?.started_at], ['working', 0, null, null]);
  });
});

describe('a job that gets nowhere', () => {
  for (const reason of ['unavailable_shop', 'locked', 'access_denied', 'reauthorization_needed'])
    test(`because of ${reason} says so at the first attempt, since when, and when the next one is`, () => {
      const job = show({ full: stalled(reason, 1, { progress: { ...applying, started_at } }) });
      assert.equal(job?.state, 'stalled');
      assert.deepEqual(job.stalled, { since, reason, next_at: later });
      assert.equal(job.seconds_left, null);
    });

  test('says nothing of what passes by itself until the third attempt', () => {
    for (const reason of ['admin_api_unavailable', 'store_failed', 'internal'])
      assert.equal(show({ reconcile: stalled(reason, 2) }), null);
    assert.equal(show({ reconcile: stalled('admin_api_unavailable', 3) })?.state, 'stalled');
  });

  test('has failed if the reason is our own', () => {
    const job = show({ plans: stalled('internal', 3) });
    assert.deepEqual([job?.kind, job?.state, job?.stalled?.reason], ['plans', 'failed', 'internal']);
  });

  test('is shown rather than one that waits, but not instead of one that is worked on', () => {
    const waiting = aJobState({ dueAt: past });
    assert.equal(show({ full: waiting, reconcile: stalled('locked', 1) })?.kind, 'reconcile');
    assert.equal(show({ full: held(applying), reconcile: stalled('locked', 1) })?.kind, 'full');
  });

  test('counts as work while it is tried again', () => {
    const job = show({ full: stalled('locked', 4, { isHeld: true }) });
    assert.deepEqual([job?.state, job?.stalled], ['working', null]);
  });
});

describe('other jobs', () => {
  test('the copying of a changed plan is shown out of its members', () => {
    const progress = { kind: 'fan_out', plan: 'gold', target: 'x', pass: 1, seen: 100, written: 90 };
    const name = 'fan_out#gid://shopify/Metaobject/1';
    const job = show({ [name]: held(progress) });
    assert.deepEqual([job?.kind, job?.done, job?.total, job?.seconds_left], ['fan_out', 100, 400, 30]);
    assert.equal(show({ [name]: left(progress) })?.state, 'waiting');
  });

  test('missed changes are looked for without a known end', () => {
    assert.equal(show({ reconcile: held({ kind: 'reconcile', done: 50 }) })?.total, null);
  });

  test('what comes round by itself is told of only while it is worked on, or if somebody asked for it', () => {
    assert.equal(show({ reconcile: aJobState({ dueAt: past }), plans: aJobState({ dueAt: past }) }), null);
    assert.equal(show({ reconcile: aJobState({ dueAt: past, requested: {} }) })?.state, 'waiting');
    assert.equal(show({ plans: aJobState({ isHeld: true, dueAt: later }) })?.state, 'working');
  });

  test('those of a later release are left out', () => {
    assert.equal(show({ dance: held({ kind: 'dance' }) }), null);
  });
});
