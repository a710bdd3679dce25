import type {
  Difference,
  ErrorAnswer,
  FullSyncBody,
  FullSyncOutcome,
  PageErrorCode,
  PlansAnswer,
  RetryAnswer,
  RolesAnswer,
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

const user = {
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
} as const;
export const isUser = guardOf<UserAnswer>()(user);
export type User = Guarded<typeof isUser>;
export const isRolesSet = guardOf<RolesAnswer>()({ ...user, pending: isBoolean });
export type RolesSet = Guarded<typeof isRolesSet>;

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

const isStalled = guardOf<NonNullable<NonNullable<SyncAnswer['job']>['stalled']>>()({
  since: isString,
  reason: isString,
  next_at: orNull(isString),
});

const isJobStatus = guardOf<NonNullable<SyncAnswer['job']>>()({
  kind: oneOf('full', 'reconcile', 'fan_out', 'plans', 'merges'),
  state: oneOf('waiting', 'working', 'stalled', 'failed'),
  waiting_for: orNull(oneOf('turn', 'shopify')),
  mode: orNull(oneOf('apply', 'check')),
  done: isNumber,
  total: orNull(isNumber),
  rate_per_second: orNull(isNumber),
  seconds_left: orNull(isNumber),
  stalled: orNull(isStalled),
  problem: orNull(isString),
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

/** What became of the customers that were listed: they add up to those. A mode lacks the outcome of the other. */
const outcomes = {
  written: orNull(isNumber),
  differing: orNull(isNumber),
  unchanged: isNumber,
  already_newer: isNumber,
  tombstoned: isNumber,
  duplicate: isNumber,
  failed: isNumber,
  unreadable: isNumber,
  undecided: isNumber,
} satisfies Readonly<Record<FullSyncOutcome, unknown>>;
export const OUTCOMES = Object.keys(outcomes).filter((name): name is FullSyncOutcome => name in outcomes);

const differences = {
  missing_here: isNumber,
  extra_here: isNumber,
  stale: isNumber,
  wrong_entitlements: isNumber,
} satisfies Readonly<Record<Difference, unknown>>;
export const DIFFERENCES = Object.keys(differences).filter((name): name is Difference => name in differences);

const isFullSync = guardOf<NonNullable<SyncAnswer['full']>>()({
  mode: oneOf('apply', 'check'),
  complete: isBoolean,
  problem: orNull(isString),
  finished_at: isString,
  duration_ms: isNumber,
  listed: isNumber,
  ...outcomes,
  removed: isNumber,
  extra_here: isNumber,
  differences: guardOf<NonNullable<SyncAnswer['full']>['differences']>()(differences),
});
export type FullSync = Guarded<typeof isFullSync>;

const isReconciled = guardOf<NonNullable<SyncAnswer['reconcile']>>()({
  at: isString,
  changes: isNumber,
  repaired: isNumber,
});

const isPending = guardOf<SyncAnswer['pending']>()({
  count: isNumber,
  more: isBoolean,
  oldest_at: orNull(isString),
});

const isDeadLetter = guardOf<SyncAnswer['dead_letters'][number]>()({
  id: isString,
  topic: isString,
  reason: isString,
  shopify_id: orNull(isString),
  received_at: isString,
});
export type DeadLetter = Guarded<typeof isDeadLetter>;

const isAttention = guardOf<SyncAnswer['attention'][number]>()({
  code: isString,
  user_id: orNull(isString),
  deadline: orNull(isString),
  count: orNull(isNumber),
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
  full: orNull(isFullSync),
  reconcile: orNull(isReconciled),
  in_sync: isBoolean,
  not_in_sync: orNull(
    oneOf(
      'not_installed',
      'no_token',
      'full_sync_owed',
      'removals_unconfirmed',
      'reconcile_overdue',
      'pending_overdue',
    ),
  ),
  pending: isPending,
  dead_letters: listOf(isDeadLetter),
  attention: listOf(isAttention),
  attention_more: isBoolean,
});
export type SyncStatus = Guarded<typeof isSyncStatus>;

/** A started job; GET /api/sync has its progress. */
export const isStarted = guardOf<StartAnswer>()({});
// Any code is accepted: a newer server may have one that the page has no words for.
const isReceived = (value: unknown): value is RetryAnswer['received'] => isString(value);
const isErrorCode = (value: unknown): value is ErrorCode => isString(value);

export const isRetried = guardOf<RetryAnswer>()({ received: isReceived });
export type Retried = Guarded<typeof isRetried>;

export type { Difference, FullSyncBody, FullSyncOutcome, PageErrorCode, RolesBody };
export type ErrorCode = ErrorAnswer['error']['code'];
export const isError = guardOf<ErrorAnswer>()({
  error: guardOf<ErrorAnswer['error']>()({
    code: isErrorCode,
  }),
});
type NamingError = Required<ErrorAnswer['error']>;
/** An error that names the permissions that are missing. */
export const isNamingPermissions = guardOf<{ readonly error: NamingError }>()({
  error: guardOf<NamingError>()({ permissions: listOf(isString) }),
});
