import { AppError } from '../../errors.ts';
import type { DifferenceRow } from '../../ledger/full-sync-reports.ts';
import { retry } from '../../retry.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import { OUTCOMES, type FullSyncProgress, type Outcome } from './progress.ts';

/** A part of what a full sync reads. Readers are generators of these: bulk-reader.ts and page-reader.ts. */
export interface Batch {
  /** By id. */
  readonly nodes: ReadonlyMap<string, unknown>;
  /** Customers and lines read, among them the following. */
  readonly listed: number;
  readonly duplicate: number;
  readonly unreadable: number;
  /** Where the reading stands after it. */
  readonly place: Partial<Pick<FullSyncProgress, 'digest' | 'page' | 'reached_at'>>;
}

/** What became of the customers of a batch. */
export interface Handled {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly rows: readonly DifferenceRow[];
  /** Of the customers those whom Shopify does not know any more, by one answer. */
  readonly gone: readonly string[];
  /** Queries that it took. */
  readonly requests: number;
  /** Of its own updates, as DynamoDB counted them; of a refused one as it was estimated. */
  readonly write_units: number;
}

/**
 * Deals with customers as a listing told them, a few hundred at once.
 * @throws AppError `store_failed` and those of Admin, when nothing of it is under way any more; what is written stays, so
 * it may be called again
 */
export type HandleCustomers = (
  shop: string,
  nodes: ReadonlyMap<string, unknown>,
  signal: AbortSignal,
) => Promise<Handled>;

/** Batches under way: while one ends, or asks Shopify, the next ones keep the writers busy. */
const UNDER_WAY = 4;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1000;
/** A save for each batch would be one write more for a hundred; what is lost with it is done again without harm. */
const SAVE_EVERY_MS = 200;

export const noOutcomes = (): Record<Outcome, number> => ({
  written: 0,
  differing: 0,
  unchanged: 0,
  already_newer: 0,
  tombstoned: 0,
  failed: 0,
  undecided: 0,
});

/** All results; or, when all are over, the first error. Who tries again must not meet what is still under way. */
export async function allOrFirstError<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** The counts after one more batch. */
function addCounts(before: FullSyncProgress, batch: Batch, handled: Handled): Partial<FullSyncProgress> {
  const { differences } = before;
  const counted = (kind: DifferenceRow['difference']) =>
    differences[kind] + handled.rows.filter(({ difference }) => difference === kind).length;
  return {
    ...batch.place,
    done: before.done + batch.listed,
    listed: before.listed + batch.listed,
    duplicate: before.duplicate + batch.duplicate,
    unreadable: before.unreadable + batch.unreadable,
    ...Object.fromEntries(OUTCOMES.map((name) => [name, before[name] + handled.outcomes[name]])),
    differences: {
      missing_here: counted('missing_here'),
      extra_here: counted('extra_here'),
      stale: counted('stale'),
      wrong_entitlements: counted('wrong_entitlements'),
    },
    requests: before.requests + handled.requests,
    write_units: before.write_units + handled.write_units,
  };
}

interface HandleDeps {
  readonly handle: HandleCustomers;
  /** Keeps what was found; called in the order of the batches. */
  readonly keepRows: (rows: readonly DifferenceRow[]) => Promise<void>;
  readonly job: HeldJob<FullSyncProgress>;
  readonly shop: string;
}

/** Deals with batches, some at once, and notes each as soon as it and all before it are done. */
export async function handleBatches(
  { handle, keepRows, job, shop }: HandleDeps,
  batches: AsyncIterable<Batch>,
): Promise<void> {
  const underWay: Promise<void>[] = [];
  let savedAt = performance.now();

  /** What DynamoDB refuses for now is tried again: what is written already is found unchanged. */
  async function handleOne({ nodes }: Batch): Promise<Handled> {
    return retry(() => handle(shop, nodes, job.signal), {
      attempts: ATTEMPTS,
      firstWait: FIRST_WAIT_MS,
      shouldRetry: (error) => error instanceof AppError && error.code === 'store_failed',
      signal: job.signal,
    });
  }

  /** What comes after a batch that failed does not count, but it is over when this is. */
  async function apply(batch: Batch, before: Promise<void>): Promise<void> {
    const handling = handleOne(batch);
    const over = Promise.allSettled([handling]);
    try {
      await before;
    } finally {
      await over;
    }
    const handled = await handling;
    await keepRows(handled.rows);
    job.note(addCounts(job.progress(), batch, handled));
    if (performance.now() - savedAt < SAVE_EVERY_MS) return;
    savedAt = performance.now();
    await job.save({});
  }

  try {
    for await (const batch of batches) {
      job.signal.throwIfAborted();
      const applied = apply(batch, underWay.at(-1) ?? Promise.resolve());
      // It is waited for later, and must not count as unhandled until then.
      applied.catch(() => undefined);
      underWay.push(applied);
      if (underWay.length === UNDER_WAY) await underWay.shift();
    }
  } finally {
    await underWay.at(-1);
  }
}
