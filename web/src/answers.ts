import type {
  CompareBody,
  ErrorAnswer,
  PlansAnswer,
  ReportCount,
  RetryAnswer,
  RolesBody,
  SourcesAnswer,
  StartAnswer,
  SyncAnswer,
  UserAnswer,
  UserPageAnswer,
} from '../../src/http/api/types.ts';
import {
  guardOf,
  isBoolean,
  isNumber,
  isRecord,
  isString,
  listOf,
  oneOf,
  orNull,
  recordOf,
  type Guarded,
} from './guards.ts';

// The guards of the server's answers, reduced to the fields that the page uses. src/http/api/types.ts documents them.

export const isUser = guardOf<UserAnswer>()({
  user_id: isString,
  shopify_id: orNull(isString),
  email: orNull(isString),
  first_name: orNull(isString),
  last_name: orNull(isString),
  shopify_state: orNull(isString),
  verified_email: orNull(isBoolean),
  created_at: orNull(isString),
  shopify_updated_at: orNull(isString),
  is_active: isBoolean,
  is_admin: isBoolean,
  is_featured_author: isBoolean,
  membership_id: orNull(isString),
  membership: orNull(isRecord),
});
export type User = Guarded<typeof isUser>;

export const isUserPage = guardOf<UserPageAnswer>()({
  items: listOf(isUser),
  next_cursor: orNull(isString),
});
export type UserPage = Guarded<typeof isUserPage>;

const isSource = guardOf<SourcesAnswer[keyof SourcesAnswer]>()({
  source: oneOf('metafield', 'tag', 'none'),
  changed_at: orNull(isString),
});
export type Source = Guarded<typeof isSource>;
export const isSources = guardOf<SourcesAnswer>()({
  is_admin: isSource,
  is_featured_author: isSource,
  membership: isSource,
});
export type Sources = Guarded<typeof isSources>;

const isPlan = guardOf<PlansAnswer['items'][number]>()({
  id: isString,
  name: isString,
  tier: isNumber,
  price: orNull(isString),
  currency: orNull(isString),
  interval: orNull(isString),
  benefits: listOf(isString),
  members: orNull(isNumber),
});
export type Plan = Guarded<typeof isPlan>;
export const isPlans = guardOf<PlansAnswer>()({ items: listOf(isPlan) });

const isJobStatus = guardOf<NonNullable<SyncAnswer['job']>>()({
  kind: oneOf('backfill', 'reconcile', 'compare', 'fan_out'),
  state: oneOf('running', 'waiting'),
  done: isNumber,
  total: orNull(isNumber),
  rate_per_second: orNull(isNumber),
  seconds_left: orNull(isNumber),
});
export type JobStatus = Guarded<typeof isJobStatus>;

const isPeopleCounts = guardOf<NonNullable<SyncAnswer['counts']>>()({
  people: isNumber,
  active: isNumber,
  admins: isNumber,
  featured_authors: isNumber,
  members: recordOf(isNumber),
  counted_at: isString,
});

/** The counts of an import report. They add up to the customers read. */
const reportCounts = {
  written: isNumber,
  unchanged: isNumber,
  already_newer: isNumber,
  duplicate: isNumber,
  tombstoned: isNumber,
  failed: isNumber,
  unreadable: isNumber,
  other: isNumber,
} satisfies Readonly<Record<ReportCount, unknown>>;
export const REPORT_COUNTS = Object.keys(reportCounts).filter(
  (name): name is ReportCount => name in reportCounts,
);

const isCertificate = guardOf<NonNullable<SyncAnswer['certificate']>>()({
  complete: isBoolean,
  problem: orNull(isString),
  at: isString,
  duration_ms: isNumber,
  object_count: isNumber,
  lines_read: isNumber,
  ...reportCounts,
});
export type Certificate = Guarded<typeof isCertificate>;

const isReconciled = guardOf<NonNullable<SyncAnswer['reconcile']>>()({
  at: isString,
  changes: isNumber,
  repaired: isNumber,
});

const isDrift = guardOf<NonNullable<SyncAnswer['drift']>>()({
  at: isString,
  complete: isBoolean,
  problem: orNull(isString),
  compared: isNumber,
  missing_here: isNumber,
  extra_here: isNumber,
  stale: isNumber,
  wrong_entitlements: isNumber,
  repaired: isNumber,
});
export type Drift = Guarded<typeof isDrift>;

const isDeadLetter = guardOf<SyncAnswer['dead_letters'][number]>()({
  id: isString,
  topic: isString,
  reason: isString,
  received_at: isString,
});
export type DeadLetter = Guarded<typeof isDeadLetter>;

const isAttention = guardOf<SyncAnswer['attention'][number]>()({
  code: isString,
  message: isString,
  user_id: orNull(isString),
  deadline: orNull(isString),
});
export type Attention = Guarded<typeof isAttention>;

const isInstall = guardOf<SyncAnswer['install']>()({
  status: oneOf('installed', 'unknown', 'uninstalled'),
  needs_reauthorization: isBoolean,
});

export const isSyncStatus = guardOf<SyncAnswer>()({
  install: isInstall,
  last_change_at: orNull(isString),
  counts: orNull(isPeopleCounts),
  job: orNull(isJobStatus),
  certificate: orNull(isCertificate),
  reconcile: orNull(isReconciled),
  drift: orNull(isDrift),
  oldest_pending_at: orNull(isString),
  dead_letters: listOf(isDeadLetter),
  attention: listOf(isAttention),
  attention_more: isBoolean,
});
export type SyncStatus = Guarded<typeof isSyncStatus>;

/** A started job; GET /api/sync has its progress. */
export const isStarted = guardOf<StartAnswer>()({});
// Any code is accepted: the page has its own words for some, and shows the server's message for others.
const isReceived = (value: unknown): value is RetryAnswer['received'] => isString(value);
const isErrorCode = (value: unknown): value is ErrorCode => isString(value);

export const isRetried = guardOf<RetryAnswer>()({ received: isReceived });
export type Retried = Guarded<typeof isRetried>;

export type { CompareBody, ReportCount, RolesBody };
export type ErrorCode = ErrorAnswer['error']['code'];
export const isError = guardOf<ErrorAnswer>()({
  error: guardOf<ErrorAnswer['error']>()({
    code: isErrorCode,
    message: isString,
  }),
});
