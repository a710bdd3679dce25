import { toCustomerGid } from '../../customers/customer-gid.ts';
import { isLeftOut, spoiltAt } from '../../customers/spoilt.ts';
import type { DifferenceRow } from '../../ledger/full-sync-reports.ts';
import { existingCustomers } from '../../shopify/admin/queries.ts';
import { toStored, type StoredItem } from '../../users/stored-state.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import type { SyncContext } from '../sync-context.ts';
import { countRequest } from './await-operation.ts';
import { toExtraRow } from './differences.ts';
import type { IdStore } from './id-store.ts';
import type { FullSyncProgress } from './progress.ts';

type Context = Pick<SyncContext, 'admin' | 'usersOf' | 'ledger' | 'writeLimiter' | 'sleep'>;
type Job = HeldJob<FullSyncProgress>;

const BATCH = 50;
/** Between two answers of Shopify's that there is no such customer; a little more than a minute by any clock. */
const SECOND_ANSWER_MS = 61_000;
/** Whom Shopify created so shortly before the listing may be missing in it, and in its answers. */
const NEW_MS = 3_600_000;
/** More than both are many: a person is asked. */
const MANY = 20;
const MANY_SHARE = 0.01;
/** The item, and each index that it may be in. */
const TOMBSTONE_UNITS = 7;

interface Absent {
  readonly id: string;
  /** As it stood before Shopify was asked. */
  readonly stored: StoredItem;
}

/** Whether absence may mean that somebody was deleted: they stand here, and are older than the listing by an hour. */
function isOldEnough(stored: StoredItem, reachedAt: string): boolean {
  const createdAt = stored?.['created_at'];
  if (toStored(stored).by === 'tombstone' || typeof createdAt !== 'string') return false;
  // Both by Shopify's clock. A listing without a time proves nothing of anybody.
  return Date.parse(createdAt) <= Date.parse(reachedAt) - NEW_MS;
}

/** Of some users those whom Shopify says not to have. */
async function findAbsent(
  { admin, usersOf }: Context,
  shop: string,
  ids: readonly string[],
  job: Job,
): Promise<Absent[]> {
  const storedItems = await usersOf(shop).getItems(ids);
  const { reached_at } = job.progress();
  const old = ids.filter((id) => isOldEnough(storedItems.get(id), reached_at));
  if (old.length === 0) return [];
  countRequest(job);
  const options = { priority: 'background' as const, signal: job.signal };
  const variables = { ids: old.map(toCustomerGid) };
  const { data, spoilt } = await admin.read(shop, existingCustomers, variables, options);
  const isAbsent = (n: number) => data.nodes[n] === null && !isLeftOut(spoiltAt(spoilt, ['nodes', n]));
  return old.filter((_id, n) => isAbsent(n)).map((id) => ({ id, stored: storedItems.get(id) }));
}

/** Batches of ids, each once, from where the one before has ended. */
function* batchesOf(next: (after: string | undefined) => readonly string[]): Generator<readonly string[]> {
  for (let ids = next(undefined); ids.length > 0; ids = next(ids.at(-1))) yield ids;
}

/** Notes who was not listed. Resolves to how many users the shop has here who were born in Shopify. */
async function addUnlisted({ usersOf }: Context, shop: string, job: Job, ids: IdStore): Promise<number> {
  let users = 0;
  for await (const page of usersOf(shop).shopifyIds()) {
    job.signal.throwIfAborted();
    ids.addUnlisted(page);
    users += page.length;
  }
  return users;
}

/** How many may be removed without more ado. */
function allowedRemovals(absent: number, users: number, { mode, confirm_removals }: FullSyncProgress) {
  if (mode === 'check') return 0;
  if (confirm_removals !== undefined) return confirm_removals;
  return absent > MANY && absent > users * MANY_SHARE ? 0 : Infinity;
}

/**
 * Finds the users whom Shopify does not have any more, after everybody else has been listed, and in mode `apply` removes
 * them: never on one answer, nobody whom Shopify has just created, and not so many that a person should be asked first.
 * Resolves to how many are left for that.
 * @param keepRows keeps what was found
 * @throws the job's signal's reason, AppError `store_failed` and those of Admin
 */
export async function findDeletions(
  context: Context,
  shop: string,
  job: Job,
  ids: IdStore,
  keepRows: (rows: readonly DifferenceRow[]) => Promise<void>,
): Promise<number> {
  const { usersOf, ledger, writeLimiter, sleep } = context;
  // Whom another process has removed before it left stays counted.
  const differences = { ...job.progress().differences, extra_here: job.progress().removed };
  await job.save({ state: 'deletions', done: 0, total: undefined, extra_here: 0, differences });
  const users = await addUnlisted(context, shop, job, ids);

  for (const batch of batchesOf((after) => ids.nextCandidates(after, BATCH))) {
    const absent = await findAbsent(context, shop, batch, job);
    ids.markAbsent(absent.map(({ id }) => id));
    await job.save({ done: job.progress().done + batch.length });
  }
  const absent = ids.countAbsent();
  if (absent === 0) return 0;
  await job.save({ done: 0, total: absent });
  await sleep(SECOND_ANSWER_MS, job.signal);

  const allowed = allowedRemovals(absent, users, job.progress());
  let unconfirmed = 0;

  async function remove({ id, stored }: Absent): Promise<DifferenceRow | undefined> {
    if (job.progress().mode === 'check') return toExtraRow(id, stored, false);
    if (job.progress().removed >= allowed) {
      unconfirmed += 1;
      return toExtraRow(id, stored, false);
    }
    await writeLimiter(TOMBSTONE_UNITS);
    job.signal.throwIfAborted();
    const outcome = await usersOf(shop).removeAbsent(id, stored);
    if (outcome === 'deleted') return undefined;
    if (outcome === 'written') {
      job.note({
        removed: job.progress().removed + 1,
        write_units: job.progress().write_units + TOMBSTONE_UNITS,
      });
      return toExtraRow(id, stored, true);
    }
    // Somebody has written to the user since: Shopify may have them all the same.
    await ledger.pendingRefreshes.record(shop, id, true);
    return undefined;
  }

  for (const batch of batchesOf((after) => ids.nextAbsent(after, BATCH))) {
    const rows: DifferenceRow[] = [];
    for (const found of await findAbsent(context, shop, batch, job)) {
      const row = await remove(found);
      if (row !== undefined) rows.push(row);
    }
    await keepRows(rows);
    const { differences: before, extra_here, done } = job.progress();
    await job.save({
      done: done + batch.length,
      extra_here: extra_here + rows.filter(({ repaired }) => !repaired).length,
      differences: { ...before, extra_here: before.extra_here + rows.length },
    });
  }
  return unconfirmed;
}
