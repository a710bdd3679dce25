import type { PlansAnswer, SyncAnswer } from '../../src/http/api/types.ts';
import { SHOP } from './rollcall.ts';

type FullSync = NonNullable<SyncAnswer['full']>;
type JobStatus = NonNullable<SyncAnswer['job']>;
type Plan = PlansAnswer['items'][number];

/** The answer of GET /api/sync for a healthy shop; fields may be overridden. */
export function aSync(fields: Partial<SyncAnswer> = {}): SyncAnswer {
  return {
    install: { status: 'installed', installed_at: '2026-10-01T08:00:00.000Z', needs_reauthorization: false },
    last_change_at: new Date(Date.now() - 42_000).toISOString(),
    counts: {
      people: 10_000,
      active: 8214,
      admins: 12,
      featured_authors: 320,
      members: { basic: 4100, silver: 2300, gold: 700 },
      counted_at: new Date(Date.now() - 3_600_000).toISOString(),
    },
    job: null,
    full: aFullSync(),
    reconcile: { at: new Date(Date.now() - 240_000).toISOString(), changes: 120, repaired: 2 },
    in_sync: fields.not_in_sync === undefined,
    not_in_sync: null,
    pending: { count: 0, more: false, oldest_at: null },
    dead_letters: [],
    attention: [],
    attention_more: false,
    ...fields,
  };
}

/** The report of a full sync that is complete and has put right what it found. */
export function aFullSync(fields: Partial<FullSync> = {}): FullSync {
  return {
    mode: 'apply',
    reader: 'bulk',
    complete: true,
    problem: null,
    error_code: null,
    listed: 10_000,
    written: 12,
    differing: null,
    unchanged: 9938,
    already_newer: 30,
    tombstoned: 5,
    duplicate: 15,
    failed: 0,
    unreadable: 0,
    undecided: 0,
    removed: 2,
    extra_here: 0,
    differences: { missing_here: 1, extra_here: 2, stale: 8, wrong_entitlements: 3 },
    unconfirmed_removals: 0,
    listings: 1,
    incomplete_runs: 0,
    requests: 204,
    write_units: 31,
    snapshot_at: '2026-11-01T10:10:50.000Z',
    started_at: '2026-11-01T10:10:46.000Z',
    finished_at: '2026-11-01T10:12:00.000Z',
    duration_ms: 74_000,
    ...fields,
  };
}

/** The report of one that only looked, and found differences. */
export const aCheck = (fields: Partial<FullSync> = {}): FullSync =>
  aFullSync({ mode: 'check', written: null, differing: 12, removed: 0, extra_here: 2, ...fields });

export function aJob(fields: Partial<JobStatus> = {}): JobStatus {
  return {
    kind: 'full',
    state: 'working',
    waiting_for: null,
    mode: 'apply',
    done: 2500,
    total: 10_000,
    rate_per_second: 125,
    seconds_left: 60,
    started_at: '2026-11-03T10:00:00.000Z',
    stalled: null,
    problem: null,
    ...fields,
  };
}

/** A job that waits, of which nothing is done yet. */
export const aWaitingJob = (waitingFor: 'turn' | 'shopify', fields: Partial<JobStatus> = {}): JobStatus =>
  aJob({
    state: 'waiting',
    waiting_for: waitingFor,
    done: 0,
    total: null,
    rate_per_second: null,
    seconds_left: null,
    ...fields,
  });

/** A job that gets nowhere for a reason. */
export const aStalledJob = (reason: string, fields: Partial<JobStatus> = {}): JobStatus =>
  aJob({
    state: 'stalled',
    rate_per_second: null,
    seconds_left: null,
    stalled: { since: '2026-11-03T10:20:00.000Z', reason, next_at: '2099-11-03T14:25:00.000Z' },
    ...fields,
  });

function aPlan(id: string, name: string, tier: number, fields: Partial<Plan> = {}): Plan {
  return {
    id,
    name,
    tier,
    price: null,
    currency: null,
    interval: null,
    benefits: [],
    updated_at: '2026-10-01T08:00:00.000Z',
    members: null,
    ...fields,
  };
}

export const plans: PlansAnswer = {
  items: [
    aPlan('gold', 'Gold', 3, {
      price: '29.00',
      currency: 'EUR',
      interval: 'month',
      benefits: ['All courses', 'Office hours'],
      members: 700,
    }),
    aPlan('silver', 'Silver', 2, { price: '12.00', currency: 'EUR', interval: 'month', members: 2300 }),
    aPlan('basic', 'Basic', 1, { members: 4100 }),
  ],
};

/** An issue and a privacy request that need attention. */
export const attention: SyncAnswer['attention'] = [
  {
    code: 'several_plans',
    message: 'Has the tags of several membership plans; the one of the highest tier counts',
    user_id: `${SHOP}#1`,
    deadline: null,
    count: null,
  },
  {
    code: 'customers/data_request',
    message: 'customers/data_request has to be done by 2026-12-20',
    user_id: null,
    deadline: '2026-12-20T10:00:00.000Z',
    count: null,
  },
];

/** People who are gone from Shopify, too many to remove them unasked. */
export const removals: SyncAnswer['attention'] = [
  {
    code: 'removals_unconfirmed',
    message: '240 users are no longer in Shopify: say whether they may be removed',
    user_id: null,
    deadline: null,
    count: 240,
  },
];

/** Changes that only reconciling finds. */
export const silent: SyncAnswer['attention'] = [
  {
    code: 'webhooks_silent',
    message: 'Changes are found by reconciling alone',
    user_id: null,
    deadline: null,
    count: null,
  },
];
