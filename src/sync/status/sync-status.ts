import type { AttentionNotes } from '../../ledger/attention.ts';
import type { Certificate, Certificates } from '../../ledger/certificates.ts';
import type { DeadLetterEntry, DeadLetters } from '../../ledger/dead-letters.ts';
import { statusOf, type InstallStatus } from '../../ledger/install.ts';
import type { DriftReport, Drifts } from '../../ledger/drift.ts';
import type { Installs } from '../../ledger/installs.ts';
import type { Jobs } from '../../ledger/jobs.ts';
import type { PrivacyRequests } from '../../ledger/privacy-requests.ts';
import type { PeopleCounts, Reconciled, SyncStates } from '../../ledger/sync-state.ts';
import type { PendingRefreshes } from '../../ledger/pending-refreshes.ts';
import type { Sessions } from '../../shopify/auth/sessions.ts';
import { toJobStatus, type JobStatus } from './job-status.ts';

/** A report of the ledger in the names of the HTTP API. */
type Reported<Report> = Omit<Report, 'finished_at' | 'problem'> & {
  /** When it ended. */
  readonly at: string;
  /** Why it is not complete, in words; null: it is. */
  readonly problem: string | null;
};

/** Something that a person should look at. */
interface Attention {
  readonly code: string;
  readonly message: string;
  /** Whom it is about; null: the whole shop, or somebody whom only an e-mail names. */
  readonly user_id: string | null;
  /** By when it has to be done; null: there is no such time. */
  readonly deadline: string | null;
}

/** How far a shop's users are what the shop says, in the names of the HTTP API. Instants are UTC ISO 8601. */
interface SyncStatus {
  readonly install: {
    readonly status: InstallStatus;
    readonly installed_at: string | null;
    readonly needs_reauthorization: boolean;
  };
  readonly last_change_at: string | null;
  readonly counts: PeopleCounts | null;
  readonly job: JobStatus | null;
  /** The last import. */
  readonly certificate: Reported<Certificate> | null;
  readonly reconcile: Reconciled | null;
  /** The last comparison of everybody. */
  readonly drift: Reported<DriftReport> | null;
  /** Since when the first customer waits whose snapshot could not be fetched. */
  readonly oldest_pending_at: string | null;
  readonly dead_letters: readonly DeadLetterEntry[];
  /** About a hundred people at most. */
  readonly attention: readonly Attention[];
  /** Whether there are more people than these. */
  readonly attention_more: boolean;
}

/** What the page shows of a shop's synchronisation. */
export type ReadSyncStatus = (shop: string) => Promise<SyncStatus>;

export interface ReadSyncStatusDeps {
  readonly installs: Installs;
  readonly sessions: Sessions;
  readonly states: SyncStates;
  readonly deadLetters: DeadLetters;
  readonly attention: AttentionNotes;
  readonly privacyRequests: PrivacyRequests;
  readonly jobs: Jobs;
  readonly certificates: Certificates;
  readonly drifts: Drifts;
  readonly pendingRefreshes: Pick<PendingRefreshes, 'oldestFailed'>;
  readonly now: () => Date;
}

/** People of whom something is shown. To count the others would be to read them all, every time the page asks. */
const SHOWN = 100;

const MESSAGES: Readonly<Record<string, string>> = {
  several_plans: 'Has the tags of several membership plans; the one of the highest tier counts',
  unknown_plan: 'Has the tag of a membership plan that does not exist',
  plan_gone: 'Is assigned a membership plan that was deleted',
  item_refused: 'DynamoDB refuses changes of this user: look at what other programs wrote to the item',
  admin_merged_away: 'An admin was merged into this person: decide whether they are to be an admin',
  roles_not_transferred: 'Shopify refuses to give this person the roles of the one who was merged into them',
};

function toReported<Report extends { readonly finished_at: string; readonly problem?: string | undefined }>(
  report: Report | undefined,
): Reported<Report> | null {
  if (report === undefined) return null;
  const { finished_at: at, problem = null, ...rest } = report;
  return { ...rest, at, problem };
}

const laterOf = (a: string | undefined, b: string | undefined) => ((a ?? '') > (b ?? '') ? a : b);

export function createReadSyncStatus(deps: ReadSyncStatusDeps): ReadSyncStatus {
  const {
    installs,
    sessions,
    states,
    deadLetters,
    attention,
    privacyRequests,
    jobs,
    certificates,
    drifts,
    pendingRefreshes,
    now,
  } = deps;

  return async function readState(shop) {
    const [
      install,
      session,
      state,
      letters,
      notes,
      demands,
      work,
      { last: certificate },
      drift,
      pendingSince,
    ] = await Promise.all([
      installs.get(shop),
      sessions.get(shop),
      states.get(shop),
      deadLetters.list(shop),
      attention.list(shop, SHOWN + 1),
      privacyRequests.open(shop),
      jobs.list(shop),
      certificates.latest(shop),
      drifts.latest(shop),
      pendingRefreshes.oldestFailed(shop),
    ]);
    const aboutPeople = notes.slice(0, SHOWN).flatMap(({ shopifyId, codes }) =>
      codes.map((code) => ({
        code,
        message: MESSAGES[code] ?? code,
        user_id: `${shop}#${shopifyId}`,
        deadline: null,
      })),
    );
    const aboutDemands = demands.map(({ topic, deadline, shopifyId }) => ({
      code: topic,
      message: `${topic} has to be done by ${deadline.slice(0, 10)}`,
      user_id: shopifyId === undefined ? null : `${shop}#${shopifyId}`,
      deadline,
    }));
    return {
      install: {
        status: statusOf(install),
        installed_at: install.installed_at ?? null,
        needs_reauthorization: session === undefined,
      },
      last_change_at: laterOf(state.changedAt, state.watermark) ?? null,
      counts: state.counts ?? null,
      job: toJobStatus(work, state.counts?.members ?? {}, now()),
      certificate: toReported(certificate),
      reconcile: state.reconciled ?? null,
      drift: toReported(drift),
      oldest_pending_at:
        [state.pendingSince, pendingSince].filter((since) => since !== undefined).toSorted()[0] ?? null,
      dead_letters: letters,
      attention: [...aboutDemands, ...aboutPeople],
      attention_more: notes.length > SHOWN,
    };
  };
}
