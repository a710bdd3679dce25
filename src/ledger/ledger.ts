import { createAttentionNotes, type AttentionNotes } from './attention.ts';
import { createCertificates, type Certificates } from './certificates.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { createDrifts, type Drifts } from './drift.ts';
import type { ItemsDeps } from './items.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createMerges, type Merges } from './merges.ts';
import { createPlans, type Plans } from './plans.ts';
import { createPrivacyRequests, type PrivacyRequests } from './privacy-requests.ts';
import { createSyncStates, type SyncStates } from './sync-state.ts';
import { createPendingRefreshes, type PendingRefreshes } from './pending-refreshes.ts';

/** Everything that the app notes for itself, but for installs and sessions, which hold secrets. */
export interface Ledger {
  readonly attention: AttentionNotes;
  readonly certificates: Certificates;
  readonly deadLetters: DeadLetters;
  readonly drifts: Drifts;
  readonly jobs: Jobs;
  readonly merges: Merges;
  readonly plans: Plans;
  readonly privacyRequests: PrivacyRequests;
  readonly states: SyncStates;
  readonly pendingRefreshes: PendingRefreshes;
}

export function createLedger(deps: ItemsDeps & { readonly now: () => Date }): Ledger {
  return {
    attention: createAttentionNotes(deps),
    certificates: createCertificates(deps),
    deadLetters: createDeadLetters(deps),
    drifts: createDrifts(deps),
    jobs: createJobs(deps),
    merges: createMerges(deps),
    plans: createPlans(deps),
    privacyRequests: createPrivacyRequests(deps),
    states: createSyncStates(deps),
    pendingRefreshes: createPendingRefreshes(deps),
  };
}
