import { createAttentionIssues, type AttentionIssues } from './attention.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { createFullSyncReports, type FullSyncReports } from './full-sync-reports.ts';
import { createInstalls, type Installs } from './installs.ts';
import { createJobs, type Jobs, type JobsDeps } from './jobs.ts';
import { createMerges, type Merges } from './merges.ts';
import { createPlans, type Plans } from './plans.ts';
import { createPrivacyRequests, type PrivacyRequests } from './privacy-requests.ts';
import { createSyncStates, type SyncStates } from './sync-state.ts';
import { createPendingRefreshes, type PendingRefreshes } from './pending-refreshes.ts';

/** The stores of the ledger table, except the sessions (shopify/auth/sessions.ts), which hold secrets. */
export interface Ledger {
  readonly attention: AttentionIssues;
  readonly deadLetters: DeadLetters;
  readonly fullSyncReports: FullSyncReports;
  readonly installs: Installs;
  readonly jobs: Jobs;
  readonly merges: Merges;
  readonly plans: Plans;
  readonly privacyRequests: PrivacyRequests;
  readonly states: SyncStates;
  readonly pendingRefreshes: PendingRefreshes;
}

export function createLedger(deps: JobsDeps): Ledger {
  return {
    attention: createAttentionIssues(deps),
    deadLetters: createDeadLetters(deps),
    fullSyncReports: createFullSyncReports(deps),
    installs: createInstalls(deps),
    jobs: createJobs(deps),
    merges: createMerges(deps),
    plans: createPlans(deps),
    privacyRequests: createPrivacyRequests(deps),
    states: createSyncStates(deps),
    pendingRefreshes: createPendingRefreshes(deps),
  };
}
