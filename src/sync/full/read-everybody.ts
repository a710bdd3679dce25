import { AppError } from '../../errors.ts';
import type { BulkState } from '../../shopify/admin/bulk-operations.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import type { SyncContext } from '../sync-context.ts';
import {
  awaitOperation,
  countRequest,
  giveUp,
  MAX_OPERATIONS,
  type OperationContext,
} from './await-operation.ts';
import type { Batch } from './batches.ts';
import { readLines } from './bulk-reader.ts';
import type { IdStore } from './id-store.ts';
import { readPages, type PageReaderContext } from './page-reader.ts';
import type { FullSyncProgress } from './progress.ts';

export type ReaderContext = OperationContext & PageReaderContext & Pick<SyncContext, 'sleep'>;

/** Deals with what a reader tells; resolves when all of it is dealt with. */
type Handle = (batches: AsyncIterable<Batch>) => Promise<void>;

type Job = HeldJob<FullSyncProgress>;

/** As often a download is tried again that brings nothing. */
const FRUITLESS = 6;
const FIRST_WAIT_MS = 500;

/** What the result lacks; undefined: it is all there is. */
function lackOf(expected: number, { listed, duplicate, unreadable }: FullSyncProgress): string | undefined {
  if (unreadable > 0) return `${unreadable} lines of the result cannot be read`;
  const distinct = listed - duplicate;
  return distinct === expected
    ? undefined
    : `The result has ${distinct} different customers, and Shopify counts ${expected}`;
}

/** What is to be done about a result that could not be read to its end. */
function toRemedy(error: unknown): { readonly giveUp?: string; readonly isExpired?: true } | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === 'bulk_result_changed') return { giveUp: 'The result changed while it was read' };
  if (error.code === 'bulk_result_expired') return { isExpired: true };
  return error.code === 'admin_api_unavailable' ? {} : undefined;
}

/**
 * Reads every customer of a shop, from where the job stands: by a bulk operation, or else by pages. A download that breaks
 * off goes on where it was. Resolves to why they are not all; undefined: they are.
 * @throws the job's signal's reason, AppError `store_failed` and those of Admin; the job stands where the next can go on
 */
export async function readEverybody(
  context: ReaderContext,
  shop: string,
  job: Job,
  ids: IdStore,
  handle: Handle,
): Promise<string | undefined> {
  const { bulk, sleep } = context;

  async function readResult({ url, rootObjectCount, createdAt }: BulkState): Promise<void> {
    await job.save({ state: 'applying', total: rootObjectCount, snapshot_at: createdAt });
    ids.clearListed();
    if (url === null) return;
    countRequest(job);
    await handle(readLines(bulk.download(url), job.progress(), ids));
  }

  async function readAllPages(): Promise<string | undefined> {
    await job.save({ state: 'applying' });
    await handle(readPages(context, shop, job, ids));
    const { unreadable } = job.progress();
    return unreadable === 0 ? undefined : `${unreadable} customers of the pages have no id`;
  }

  for (let fruitless = 0; ;) {
    const { reader, operation, operations, problem, listed } = job.progress();
    if (reader === 'pages') return readAllPages();
    if (operation === undefined && operations >= MAX_OPERATIONS) return problem ?? 'No result came';
    const result = await awaitOperation(context, shop, job);
    if (result === undefined) continue;
    try {
      await readResult(result);
    } catch (error) {
      const remedy = toRemedy(error);
      if (remedy === undefined) throw error;
      fruitless = job.progress().listed > listed ? 1 : fruitless + 1;
      const isHopeless = fruitless === FRUITLESS;
      if (isHopeless && remedy.isExpired === undefined) throw error;
      if (remedy.giveUp !== undefined || isHopeless) {
        await giveUp(job, remedy.giveUp ?? 'The result of the bulk operation is no longer there');
        fruitless = 0;
      } else await sleep(FIRST_WAIT_MS * 2 ** (fruitless - 1), job.signal);
      continue;
    }
    const lack = lackOf(result.rootObjectCount, job.progress());
    if (lack === undefined || operations >= MAX_OPERATIONS) return lack;
    await giveUp(job, lack);
  }
}
