import { KINDS, type DriftReport } from '../../ledger/drift.ts';
import type { Users } from '../../users/store.ts';
import type { BackfillProgress } from './progress.ts';
import { runBackfill, type RunDeps } from './bulk-reader.ts';
import type { RefreshContext } from '../refresh/refresh.ts';
import type { VerifyCandidates } from './differences.ts';
import { createFindCandidates } from './find-candidates.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import { createCandidateStore, type CandidateStore } from './candidate-store.ts';

export interface CompareRunDeps extends Omit<RunDeps, 'importCustomers'>, RefreshContext {
  readonly verifyCandidates: VerifyCandidates;
}

type Job = HeldJob<BackfillProgress>;

const BATCH = 50;

/** Who has a user, and is not in the listing of all customers. */
async function addUnlisted(
  users: Users,
  candidates: CandidateStore,
  listing: string,
  job: Job,
): Promise<void> {
  for await (const ids of users.shopifyIds()) {
    job.signal.throwIfAborted();
    candidates.addUnlisted(listing, ids);
  }
}

/**
 * Compares every customer of a shop with every user: reads all customers as an import does, then the shop's index, and
 * asks Shopify once more about everybody of whom the two disagree. Keeps what it finds, and with `repair` in the job's
 * progress repairs it.
 * @throws the job's signal's reason, AppError `store_failed` and those of Admin
 */
export async function runComparison(deps: CompareRunDeps, shop: string, job: Job): Promise<DriftReport> {
  const { usersOf, ledger, verifyCandidates, now } = deps;
  const { started_at, repair = false } = job.progress();
  const candidates = createCandidateStore();
  try {
    const listing = () => job.progress().operation ?? 'pages';
    const importCustomers = createFindCandidates(deps, { candidates, listing });
    const { objectCount, problem } = await runBackfill({ ...deps, importCustomers }, shop, job);
    // Who is missing in a part of a listing may well be in the rest.
    if (problem === undefined) await addUnlisted(usersOf(shop), candidates, listing(), job);

    const counts = {
      missing_here: 0,
      extra_here: 0,
      stale: 0,
      wrong_entitlements: 0,
      repaired: 0,
      unreadable: 0,
    };
    let page = 0;
    let ids = candidates.doubtful('', BATCH);
    for (; ids.length > 0; ids = candidates.doubtful(ids.at(-1) ?? '', BATCH)) {
      const { rows, unreadable } = await verifyCandidates(shop, ids, { repair, signal: job.signal });
      counts.unreadable += unreadable;
      for (const kind of KINDS) counts[kind] += rows.filter(({ difference }) => difference === kind).length;
      counts.repaired += rows.filter(({ repaired }) => repaired).length;
      if (rows.length > 0) await ledger.drifts.addRows(shop, started_at, page, rows);
      page += 1;
    }
    return {
      complete: problem === undefined,
      ...(problem !== undefined && { problem }),
      dry_run: !repair,
      compared: objectCount,
      ...counts,
      started_at,
      finished_at: now().toISOString(),
    };
  } finally {
    candidates.close();
  }
}
