import type { PlansAnswer, SyncAnswer } from '../../src/http/api/types.ts';
import { SHOP } from './rollcall.ts';

type Certificate = NonNullable<SyncAnswer['certificate']>;
type Drift = NonNullable<SyncAnswer['drift']>;
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
    certificate: aCertificate(),
    reconcile: { at: '2026-11-02T03:00:00.000Z', changes: 120, repaired: 2 },
    drift: aDrift(),
    oldest_pending_at: null,
    dead_letters: [],
    attention: [],
    attention_more: false,
    ...fields,
  };
}

/** The report of a complete import. */
export function aCertificate(fields: Partial<Certificate> = {}): Certificate {
  return {
    complete: true,
    problem: null,
    way: 'bulk',
    object_count: 9985,
    lines_read: 10_000,
    written: 9600,
    unchanged: 350,
    already_newer: 30,
    duplicate: 15,
    tombstoned: 5,
    failed: 0,
    unreadable: 0,
    other: 0,
    digest: '0'.repeat(32),
    snapshot_at: '2026-11-01T10:10:50.000Z',
    started_at: '2026-11-01T10:10:46.000Z',
    at: '2026-11-01T10:12:00.000Z',
    duration_ms: 74_000,
    operations: 1,
    requests: 204,
    write_units: 21_000,
    ...fields,
  };
}

/** The report of a comparison without differences. */
export function aDrift(fields: Partial<Drift> = {}): Drift {
  return {
    at: '2026-11-02T04:00:00.000Z',
    complete: true,
    problem: null,
    compared: 10_000,
    missing_here: 0,
    extra_here: 0,
    stale: 0,
    wrong_entitlements: 0,
    repaired: 0,
    unreadable: 0,
    started_at: '2026-11-02T03:58:00.000Z',
    dry_run: true,
    ...fields,
  };
}

export function aJob(fields: Partial<JobStatus> = {}): JobStatus {
  return {
    kind: 'backfill',
    state: 'running',
    done: 2500,
    total: 10_000,
    rate_per_second: 125,
    seconds_left: 60,
    started_at: '2026-11-03T10:00:00.000Z',
    problem: null,
    ...fields,
  };
}

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
  },
  {
    code: 'customers/data_request',
    message: 'customers/data_request has to be done by 2026-12-20',
    user_id: null,
    deadline: '2026-12-20T10:00:00.000Z',
  },
];
