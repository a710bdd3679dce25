import {
  isNumber,
  isRecord,
  isShape,
  isText,
  isTruth,
  listOf,
  oneOf,
  orNull,
  recordOf,
  type Guarded,
} from './guards.ts';

// What the page relies on of the server's answers; docs/api.md is the contract.

export const isUser = isShape({
  user_id: isText,
  shopify_id: orNull(isText),
  email: orNull(isText),
  first_name: orNull(isText),
  last_name: orNull(isText),
  shopify_state: orNull(isText),
  verified_email: orNull(isTruth),
  created_at: orNull(isText),
  shopify_updated_at: orNull(isText),
  is_active: isTruth,
  is_admin: isTruth,
  is_featured_author: isTruth,
  membership_id: orNull(isText),
  membership: orNull(isRecord),
});
export type User = Guarded<typeof isUser>;

export const isUserPage = isShape({ items: listOf(isUser), next_cursor: orNull(isText) });
export type UserPage = Guarded<typeof isUserPage>;

const isSource = isShape({ source: oneOf('metafield', 'tag', 'none'), changed_at: orNull(isText) });
export type Source = Guarded<typeof isSource>;
export const isSources = isShape({ is_admin: isSource, is_featured_author: isSource, membership: isSource });
export type Sources = Guarded<typeof isSources>;

const isPlan = isShape({
  id: isText,
  name: isText,
  tier: isNumber,
  price: orNull(isText),
  currency: orNull(isText),
  interval: orNull(isText),
  benefits: listOf(isText),
  members: orNull(isNumber),
});
export type Plan = Guarded<typeof isPlan>;
export const isPlanList = isShape({ items: listOf(isPlan) });

const isJob = isShape({
  kind: oneOf('backfill', 'reconcile', 'compare', 'fan_out'),
  state: oneOf('running', 'waiting', 'failed'),
  done: isNumber,
  total: orNull(isNumber),
  rate_per_second: orNull(isNumber),
  seconds_left: orNull(isNumber),
  started_at: isText,
  problem: orNull(isText),
});
export type Job = Guarded<typeof isJob>;

const isCounts = isShape({
  people: isNumber,
  active: isNumber,
  admins: isNumber,
  featured_authors: isNumber,
  members: recordOf(isNumber),
  counted_at: isText,
});

const isCertificate = isShape({
  complete: isTruth,
  at: isText,
  object_count: isNumber,
  lines_read: isNumber,
  written: isNumber,
  already_newer: isNumber,
  duplicate: isNumber,
  tombstoned: isNumber,
  failed: isNumber,
  duration_ms: isNumber,
  problem: orNull(isText),
});
export type Certificate = Guarded<typeof isCertificate>;

const isReconcile = isShape({ at: isText, changes: isNumber, repaired: isNumber });
const isDrift = isShape({
  at: isText,
  complete: isTruth,
  problem: orNull(isText),
  compared: isNumber,
  missing_here: isNumber,
  extra_here: isNumber,
  stale: isNumber,
  wrong_entitlements: isNumber,
  repaired: isNumber,
  dry_run: isTruth,
});
export type Drift = Guarded<typeof isDrift>;

const isDeadLetter = isShape({ id: isText, topic: isText, reason: isText, received_at: isText });
export type DeadLetter = Guarded<typeof isDeadLetter>;
export const isRetried = isShape({ received: isText });
const isAttention = isShape({
  code: isText,
  message: isText,
  user_id: orNull(isText),
  deadline: orNull(isText),
});
export type Attention = Guarded<typeof isAttention>;

export const isSync = isShape({
  install: isShape({
    status: oneOf('installed', 'unknown', 'uninstalled'),
    installed_at: orNull(isText),
    needs_reauthorization: isTruth,
  }),
  last_change_at: orNull(isText),
  counts: orNull(isCounts),
  job: orNull(isJob),
  certificate: orNull(isCertificate),
  reconcile: orNull(isReconcile),
  drift: orNull(isDrift),
  oldest_pending_at: orNull(isText),
  dead_letters: listOf(isDeadLetter),
  attention: listOf(isAttention),
  attention_more: isTruth,
});
export type Sync = Guarded<typeof isSync>;

export const isError = isShape({ error: isShape({ code: isText, message: isText }) });
