import type { Certificate } from '../../ledger/certificates.ts';
import type { DeadLetterEntry } from '../../ledger/dead-letters.ts';
import type { DriftReport } from '../../ledger/drift.ts';
import { statusOf, type InstallStatus } from '../../ledger/install.ts';
import type { PeopleCounts, Reconciled } from '../../ledger/sync-state.ts';
import type { Sessions } from '../../shopify/auth/sessions.ts';
import type { SyncContext } from '../sync-context.ts';
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
export interface SyncStatus {
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

/**
 * What the page shows of a shop's sync, in the names of the HTTP API.
 * @throws AppError `store_failed`
 */
export async function readSyncStatus(
  {
    usersOf,
    ledger,
    sessions,
    now,
  }: Pick<SyncContext, 'usersOf' | 'ledger' | 'now'> & { readonly sessions: Pick<Sessions, 'get'> },
  shop: string,
): Promise<SyncStatus> {
  const [
    install,
    session,
    state,
    letters,
    issues,
    requests,
    work,
    { last: certificate },
    drift,
    pendingSince,
  ] = await Promise.all([
    ledger.installs.get(shop),
    sessions.get(shop),
    ledger.states.get(shop),
    ledger.deadLetters.list(shop),
    ledger.attention.list(shop, SHOWN + 1),
    ledger.privacyRequests.open(shop),
    ledger.jobs.list(shop),
    ledger.certificates.latest(shop),
    ledger.drifts.latest(shop),
    ledger.pendingRefreshes.oldestFailed(shop),
  ]);
  const users = usersOf(shop);
  const aboutPeople = await Promise.all(
    issues.slice(0, SHOWN).map(async ({ shopifyId, codes }) => {
      const user_id = await users.userIdOf(shopifyId);
      return codes.map((code) => ({ code, message: MESSAGES[code] ?? code, user_id, deadline: null }));
    }),
  );
  const aboutRequests = await Promise.all(
    requests.map(async ({ topic, deadline, shopifyId }) => ({
      code: topic,
      message: `${topic} has to be done by ${deadline.slice(0, 10)}`,
      user_id: shopifyId === undefined ? null : await users.userIdOf(shopifyId),
      deadline,
    })),
  );
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
    attention: [...aboutRequests, ...aboutPeople.flat()],
    attention_more: issues.length > SHOWN,
  };
}
