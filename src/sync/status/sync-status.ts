import type { DeadLetterEntry } from '../../ledger/dead-letters.ts';
import type { FullSyncReport } from '../../ledger/full-sync-reports.ts';
import { statusOf, type InstallStatus } from '../../ledger/install.ts';
import { MANY_PENDING } from '../../ledger/pending-refreshes.ts';
import type { PeopleCounts, Reconciled } from '../../ledger/sync-state.ts';
import type { Sessions } from '../../shopify/auth/sessions.ts';
import type { TokenHealth } from '../../shopify/auth/token-health.ts';
import type { SyncContext } from '../sync-context.ts';
import { listAttention, toShopAttention, type Attention } from './list-attention.ts';
import { toShopifyAttention } from './shopify-attention.ts';
import { whyNotInSync, type NotInSync } from './in-sync.ts';
import { toJobStatus, type JobStatus } from './job-status.ts';
import { readSyncFacts } from './read-sync-facts.ts';

/** A report of the ledger in the names of the HTTP API. */
type FullSyncStatus = Omit<FullSyncReport, 'problem' | 'error_code' | 'written' | 'differing'> & {
  /** Null: it was mode `check`. */
  readonly written: number | null;
  /** Null: it was mode `apply`. */
  readonly differing: number | null;
  /** Why it is not complete, in words; null: it is. */
  readonly problem: string | null;
  /** Why a bulk operation ended, as Shopify's code; null: it did well. */
  readonly error_code: string | null;
};

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
  /** The last full sync. */
  readonly full: FullSyncStatus | null;
  /** The last one that ended well: whatever is said of being in sync is as of then. */
  readonly reconcile: Reconciled | null;
  readonly in_sync: boolean;
  /** What speaks against it first; null: in sync. */
  readonly not_in_sync: NotInSync | null;
  /** The customers who wait to be read. */
  readonly pending: {
    /** At most 500. */
    readonly count: number;
    /** Whether there are more, or they are too many to know whose. */
    readonly more: boolean;
    /** Since when the first one waits; null: nobody does. */
    readonly oldest_at: string | null;
  };
  readonly dead_letters: readonly DeadLetterEntry[];
  /** About a hundred people at most. */
  readonly attention: readonly Attention[];
  /** Whether there are more people than these. */
  readonly attention_more: boolean;
}

function toFullSyncStatus(report: FullSyncReport | undefined): FullSyncStatus | null {
  if (report === undefined) return null;
  const { problem = null, error_code = null, written = null, differing = null, ...rest } = report;
  return { ...rest, problem, error_code, written, differing };
}

const laterOf = (a: string | undefined, b: string | undefined) => ((a ?? '') > (b ?? '') ? a : b);

interface SyncStatusContext extends Pick<SyncContext, 'usersOf' | 'ledger' | 'now'> {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly tokenHealth: Pick<TokenHealth, 'problems'>;
  /** Between two reconciles. */
  readonly reconcileMinutes: number;
}

/**
 * What the page shows of a shop's sync, in the names of the HTTP API.
 * @throws AppError `store_failed`
 */
export async function readSyncStatus(context: SyncStatusContext, shop: string): Promise<SyncStatus> {
  const { ledger, sessions, now, reconcileMinutes } = context;
  const deadLetters = ledger.deadLetters.list(shop);
  const [{ facts, state, pending, full }, session, letters, { attention, hasMore }, jobs] = await Promise.all(
    [
      readSyncFacts(context, shop),
      sessions.get(shop),
      deadLetters,
      listAttention(context, shop, deadLetters),
      ledger.jobs.list(shop),
    ],
  );
  const aboutShopify = {
    install: facts.install,
    session,
    versions: state.apiVersions,
    tokenProblems: context.tokenHealth.problems(),
  };
  const hasToken = session !== undefined;
  const problem = whyNotInSync({ ...facts, hasToken, reconcileMinutes }, now());
  return {
    install: {
      status: statusOf(facts.install),
      installed_at: facts.install.installed_at ?? null,
      needs_reauthorization: !hasToken,
    },
    last_change_at: laterOf(state.changedAt, state.watermark) ?? null,
    counts: state.counts ?? null,
    job: toJobStatus(jobs, state.counts?.members ?? {}, now()),
    full: toFullSyncStatus(full),
    reconcile: state.reconciled ?? null,
    in_sync: problem === null,
    not_in_sync: problem,
    pending: {
      count: pending.count,
      more: state.pendingSince !== undefined || pending.count === MANY_PENDING,
      oldest_at: facts.pendingSince ?? null,
    },
    dead_letters: letters,
    attention: [
      ...toShopifyAttention(aboutShopify, now()),
      ...toShopAttention(state, facts.unconfirmedRemovals),
      ...attention,
    ],
    attention_more: hasMore,
  };
}
