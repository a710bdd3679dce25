import type { FullSyncReport } from '../../ledger/full-sync-reports.ts';
import type { Plan } from '../../customers/plan.ts';
import type { ErrorCode } from '../../errors.ts';
import type { RoleSources } from '../../sync/roles/role-sources.ts';
import type { Roles } from '../../sync/roles/set-roles.ts';
import type { SyncStatus } from '../../sync/status/sync-status.ts';
import type { ERROR_STATUS } from './error-answers.ts';
import type { User } from '../../users/item.ts';
import type { Received } from '../../webhooks/receive.ts';

// The contract of the JSON API: the routes answer with these types, and the page imports them. Types only, so that the
// browser build can import this file.

/** GET /api/users/:user_id. */
export type UserAnswer = User;

/** POST /api/users/:user_id/roles: the user as stored. */
export type RolesAnswer = UserAnswer & {
  /** With status 202: Shopify has the roles, and they arrive here by themselves. */
  readonly pending: boolean;
};

/** A page of a list; `next_cursor` is null on the last one. */
export interface UserPageAnswer {
  readonly items: readonly UserAnswer[];
  readonly next_cursor: string | null;
}

/** GET /api/users/:user_id/sources. */
export type SourcesAnswer = RoleSources;

/** GET /api/plans, highest tier first. */
export interface PlansAnswer {
  readonly items: readonly (Omit<Plan, 'gid' | 'version'> & {
    readonly updated_at: string;
    /** At the last count; null: never counted. */
    readonly members: number | null;
  })[];
}

/** GET /api/sync. */
export type SyncAnswer = SyncStatus;

/** What may have become of a customer that a full sync listed: each is in exactly one of these. */
export type FullSyncOutcome = keyof Pick<
  FullSyncReport,
  | 'written'
  | 'differing'
  | 'unchanged'
  | 'already_newer'
  | 'tombstoned'
  | 'duplicate'
  | 'failed'
  | 'unreadable'
  | 'undecided'
>;

/** How a user may differ from the customer. */
export type Difference = keyof FullSyncReport['differences'];

/** 202 of POST /api/sync/full and /reconcile; GET /api/sync tells how far the job is. */
export interface StartAnswer {
  readonly job: { readonly kind: 'full' | 'reconcile' };
}

/** POST /api/dead-letters/:id/retry. */
export interface RetryAnswer {
  readonly received: Received;
}

/** The codes of error answers: those of AppError, and some that only the HTTP layer uses. */
type AnswerErrorCode =
  | ErrorCode
  | 'body_incomplete'
  | 'body_too_large'
  | 'encoding_unsupported'
  | 'hmac_invalid'
  | 'internal'
  | 'not_found'
  | 'other_shop'
  | 'path_invalid';

/** The codes that whoever uses the page may be answered with: each has a sentence in every language of the page. */
export type PageErrorCode =
  keyof typeof ERROR_STATUS | 'internal' | 'not_found' | 'other_shop' | 'path_invalid' | 'session_invalid';

/** Every answer with an error status. The message is for engineers; the page has its own words for each code. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: AnswerErrorCode;
    readonly message: string;
    /** Of `permission_missing`: the access scopes that Shopify names. */
    readonly permissions?: readonly string[];
  };
}

/** The body of POST /api/users/:user_id/roles: one role or both. */
export type RolesBody = Roles;

/** The body of POST /api/sync/full. */
export interface FullSyncBody {
  readonly mode: 'apply' | 'check';
  /** Answers the question of the last report: so many people may be removed. */
  readonly confirm_removals?: number;
}
