import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import type { Admin } from '../../shopify/admin/admin.ts';
import type { BulkOperations, BulkState, Started } from '../../shopify/admin/bulk-operations.ts';
import { listPages } from './page-reader.ts';
import { nothingRead, triedOf, type BackfillProgress } from './progress.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import type { ImportCustomers } from './apply-customers.ts';
import { applyPieces, listPieces } from './batches.ts';
import type { BulkFinished } from './bulk-finished.ts';

/** How a run ended; it is complete without a problem. */
export interface RunEnd {
  readonly objectCount: number;
  readonly problem: string | undefined;
}

export interface RunDeps {
  readonly admin: Admin;
  readonly bulk: BulkOperations;
  readonly importCustomers: ImportCustomers;
  readonly now: () => Date;
  readonly bulkFinished: Pick<BulkFinished, 'wait'>;
  /** Customers of one listing by pages; see listPages. */
  readonly listing?: number | undefined;
}

type Job = HeldJob<BackfillProgress>;

/** Operations of one run: one that fails or whose result does not add up is followed by another. */
const OPERATIONS = 3;
const FIRST_POLL_MS = 500;
const MAX_POLL_MS = 30_000;
/** As often something is tried again that brings nothing. */
const FRUITLESS = 6;
const FIRST_WAIT_MS = 500;
/** Other operations of the app may take long: about ten minutes are waited. */
const BUSY_TRIES = 24;

const isUnavailable = (error: unknown) => error instanceof AppError && error.code === 'admin_api_unavailable';

/** What the result's lines lack, or why they are not all; undefined: they are all there is. */
function problemOf(state: BulkState, { lines_read, duplicate, unreadable }: BackfillProgress) {
  const { status, objectCount } = state;
  if (status !== 'COMPLETED') return `Shopify’s bulk operation ended as ${status}`;
  if (unreadable > 0) return `${unreadable} lines of the result cannot be read`;
  const distinct = lines_read - duplicate;
  return distinct === objectCount
    ? undefined
    : `The result has ${distinct} different lines, and Shopify counts ${objectCount} objects`;
}

function failedOf({ failed }: BackfillProgress): string | undefined {
  return failed === 0 ? undefined : `${failed} customers could not be read or written`;
}

/**
 * Runs a backfill from where its job stands to the end.
 * @throws the job's signal's reason, AppError `store_failed` and those of Admin; the job stands where the next can go on
 */
export async function runBackfill(deps: RunDeps, shop: string, job: Job): Promise<RunEnd> {
  const { admin, bulk, importCustomers, bulkFinished, now } = deps;
  const { signal } = job;
  const applying = { importCustomers, job, shop };

  const countRequest = () => job.note({ requests: job.progress().requests + 1 });

  /** After a lost answer an operation may run: the next start looks for it first. */
  async function startOnce(): Promise<Started> {
    const { starting_since, tried } = job.progress();
    const startOrAdopt = () => {
      job.note({ requests: job.progress().requests + 2 });
      return bulk.start(shop, { since: new Date(starting_since), except: tried, signal });
    };
    return retry(startOrAdopt, {
      attempts: FRUITLESS,
      firstWait: 2 * FIRST_WAIT_MS,
      shouldRetry: isUnavailable,
      signal,
    });
  }

  async function start(): Promise<Started> {
    for (let attempt = 1; ; attempt += 1) {
      const started = await startOnce();
      if (started.kind !== 'busy' || attempt === BUSY_TRIES) return started;
      await bulkFinished.wait(shop, Math.min(MAX_POLL_MS, FIRST_POLL_MS * 2 ** attempt), signal);
    }
  }

  /** Undefined: Shopify does not know the operation any more. */
  async function waitForEnd(operation: string): Promise<BulkState | undefined> {
    for (let poll = FIRST_POLL_MS; ; poll = Math.min(MAX_POLL_MS, poll * 1.5)) {
      countRequest();
      const state = await bulk.state(shop, operation, signal);
      if (state?.status !== 'waiting') return state;
      await bulkFinished.wait(shop, poll, signal);
    }
  }

  /** Another operation is to follow. */
  async function giveUp(problem: string): Promise<undefined> {
    await job.save({
      state: 'starting',
      operation: undefined,
      tried: triedOf(job.progress()),
      starting_since: now().toISOString(),
      problem,
    });
    return undefined;
  }

  /** Reads on in the result. @throws AppError `bulk_result_changed`, `bulk_result_expired`, `admin_api_unavailable` */
  async function readResult({ url, objectCount, createdAt }: BulkState): Promise<void> {
    await job.save({ state: 'applying', total: objectCount, snapshot_at: createdAt });
    if (url === null) return;
    countRequest();
    await applyPieces(applying, listPieces(bulk.download(url), job.progress()));
  }

  /** The operation's end; undefined if it is given up. A download that breaks off goes on where it was. */
  async function finishOperation(operation: string): Promise<BulkState | undefined> {
    for (let fruitless = 0; ;) {
      const state = await waitForEnd(operation);
      if (state === undefined) return giveUp('Shopify knows its bulk operation no more');
      const before = job.progress().done;
      try {
        await readResult(state);
        return state;
      } catch (error) {
        const code = error instanceof AppError ? error.code : undefined;
        if (code === 'bulk_result_changed') return giveUp('The result changed while it was read');
        if (code !== 'admin_api_unavailable' && code !== 'bulk_result_expired') throw error;
        fruitless = job.progress().done > before ? 1 : fruitless + 1;
        if (fruitless === FRUITLESS && code === 'bulk_result_expired')
          return giveUp('The result of the bulk operation is no longer there');
        if (fruitless === FRUITLESS) throw error;
        await sleep(FIRST_WAIT_MS * 2 ** (fruitless - 1), undefined, { signal });
      }
    }
  }

  async function runPages(): Promise<RunEnd> {
    await job.save({ state: 'applying' });
    await applyPieces(applying, listPages(admin, shop, job, deps.listing));
    const { lines_read, duplicate } = job.progress();
    return { objectCount: lines_read - duplicate, problem: failedOf(job.progress()) };
  }

  let objectCount = 0;
  for (;;) {
    const { way, operation, operations, problem } = job.progress();
    if (way === 'paging') return runPages();
    if (operation === undefined) {
      if (operations >= OPERATIONS) return { objectCount, problem };
      const started = await start();
      if (started.kind === 'busy') return { objectCount, problem: 'The app runs other bulk operations' };
      if (started.kind === 'refused')
        await job.save({ way: 'paging', ...nothingRead, snapshot_at: now().toISOString() });
      else {
        const next = { operation: started.id, operations: operations + 1 };
        await job.save({ ...nothingRead, ...next, state: 'reading', total: undefined });
      }
      continue;
    }
    const state = await finishOperation(operation);
    if (state === undefined) continue;
    objectCount = state.objectCount;
    const lack = problemOf(state, job.progress());
    if (lack === undefined) return { objectCount, problem: failedOf(job.progress()) };
    await giveUp(lack);
  }
}
