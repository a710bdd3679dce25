import type { Certificate } from '../../ledger/certificates.ts';
import { statusOf } from '../../ledger/install.ts';
import type { DriftReport } from '../../ledger/drift.ts';
import type { Sessions } from '../../shopify/auth/sessions.ts';
import type { SyncContext } from '../sync-context.ts';
import { toJobStatus } from './job-status.ts';

/** People of whom something is shown. To count the others would be to read them all, every time the page asks. */
const SHOWN = 100;

const MESSAGES: Readonly<Record<string, string>> = {
  several_plans: 'Has the tags of several membership plans; the one of the highest tier counts',
  unknown_plan: 'Has the tag of a membership plan that does not exist',
  plan_gone: 'Is assigned a membership plan that was deleted',
  item_refused: 'DynamoDB refuses changes of this user: look at what other programs wrote to the item',
  admin_merged_away: 'An admin was merged into this person: decide whether they are to be an admin',
  roles_not_transferred: 'Shopify refuses to give this person the flags of the one who was merged into them',
};

function toCertificate(certificate: Certificate | undefined): object | null {
  if (certificate === undefined) return null;
  const { finished_at: at, problem = null, ...rest } = certificate;
  return { ...rest, at, problem };
}

function toDrift(report: DriftReport | undefined): object | null {
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
): Promise<object> {
  const [install, session, state, letters, issues, requests, work, { last: certificate }, drift, pendingSince] =
    await Promise.all([
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
    certificate: toCertificate(certificate),
    reconcile: state.reconciled ?? null,
    drift: toDrift(drift),
    oldest_pending_at:
      [state.pendingSince, pendingSince].filter((since) => since !== undefined).toSorted()[0] ?? null,
    dead_letters: letters,
    attention: [...aboutRequests, ...aboutPeople.flat()],
    attention_more: issues.length > SHOWN,
  };
}
