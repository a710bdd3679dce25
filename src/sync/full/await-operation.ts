import { AppError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import type { BulkOperations, BulkState, Started } from '../../shopify/admin/bulk-operations.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import type { SyncContext } from '../sync-context.ts';
import type { BulkFinished } from './bulk-finished.ts';
import { nothingRead, type FullSyncProgress } from './progress.ts';

export interface OperationContext extends Pick<SyncContext, 'log' | 'now'> {
  readonly bulk: BulkOperations;
  readonly bulkFinished: Pick<BulkFinished, 'wait'>;
  /** Minutes after which an operation that does not move is cancelled. */
  readonly bulkStallMinutes: number;
}

type Job = HeldJob<FullSyncProgress>;

const MINUTE_MS = 60_000;
/** Operations of one run: one that fails or whose result does not add up is followed by another. */
export const MAX_OPERATIONS = 3;
const FIRST_POLL_MS = 500;
const MAX_POLL_MS = 30_000;
const START_ATTEMPTS = 6;
const FIRST_WAIT_MS = 1000;
/** Other operations of the app may take long: about ten minutes are waited. */
const BUSY_TRIES = 24;

const isUnavailable = (error: unknown) => error instanceof AppError && error.code === 'admin_api_unavailable';

export const countRequest = (job: Job): void => job.note({ requests: job.progress().requests + 1 });

/** Another operation is to follow. */
export async function giveUp(job: Job, problem: string, errorCode?: string): Promise<void> {
  await job.save({
    ...nothingRead,
    state: 'starting',
    operation: undefined,
    known: undefined,
    watched: undefined,
    problem,
    ...(errorCode !== undefined && { error_code: errorCode }),
  });
}

/** Pages are to follow. */
async function turnToPages({ now }: OperationContext, job: Job, problem?: string): Promise<void> {
  await job.save({
    ...nothingRead,
    snapshot_at: now().toISOString(),
    state: 'applying',
    operation: undefined,
    reader: 'pages',
    listings: job.progress().listings + 1,
    ...(problem !== undefined && { problem }),
  });
}

/** After a lost answer an operation may run: it is one that was not there before. */
async function startOnce({ bulk }: OperationContext, shop: string, job: Job): Promise<Started> {
  const { known } = job.progress();
  countRequest(job);
  const there = await bulk.list(shop, job.signal);
  if (known === undefined) await job.save({ known: [...there] });
  const ours = known && there.find((id) => !known.includes(id));
  if (ours !== undefined) return { kind: 'started', id: ours };
  countRequest(job);
  return bulk.start(shop, job.signal);
}

async function start(context: OperationContext, shop: string, job: Job): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await retry(() => startOnce(context, shop, job), {
      attempts: START_ATTEMPTS,
      firstWait: FIRST_WAIT_MS,
      shouldRetry: isUnavailable,
      signal: job.signal,
    });
    if (started.kind === 'started') {
      const { listings, operations } = job.progress();
      const begun = { listings: listings + 1, operations: operations + 1 };
      return job.save({ operation: started.id, ...begun, state: 'reading' });
    }
    if (started.kind === 'refused') return turnToPages(context, job);
    if (attempt === BUSY_TRIES) return turnToPages(context, job, 'The app runs other bulk operations');
    const wait = Math.min(MAX_POLL_MS, FIRST_POLL_MS * 2 ** attempt);
    await context.bulkFinished.wait(shop, wait, job.signal);
  }
}

/** Whether an operation has not moved for too long. */
function hasStalled({ now, bulkStallMinutes }: OperationContext, job: Job, { mark }: BulkState): boolean {
  const { watched } = job.progress();
  if (watched?.mark !== mark) {
    job.note({ watched: { mark, since: now().toISOString() } });
    return false;
  }
  return now().getTime() - Date.parse(watched.since) >= bulkStallMinutes * MINUTE_MS;
}

/** What the operation ended with. Undefined: Shopify does not know it any more. */
async function waitForEnd(
  context: OperationContext,
  shop: string,
  operation: string,
  job: Job,
): Promise<BulkState | 'stalled' | undefined> {
  for (let poll = FIRST_POLL_MS; ; poll = Math.min(MAX_POLL_MS, poll * 1.5)) {
    countRequest(job);
    const state = await context.bulk.state(shop, operation, job.signal);
    if (state === undefined) return undefined;
    job.note({ reached_at: state.createdAt });
    if (state.status !== 'waiting') return state;
    if (hasStalled(context, job, state)) return 'stalled';
    await context.bulkFinished.wait(shop, poll, job.signal);
  }
}

async function leaveStalled(
  context: OperationContext,
  shop: string,
  operation: string,
  job: Job,
): Promise<void> {
  const { bulk, log, bulkStallMinutes } = context;
  log.warn({ shop, operation, minutes: bulkStallMinutes }, 'bulk operation without progress');
  countRequest(job);
  // Pages do not need its end, so nothing depends on what Shopify says to that.
  await bulk.cancel(shop, operation, job.signal).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    log.warn({ err: error, shop, operation }, 'bulk operation not cancelled');
  });
  await turnToPages(context, job, `Shopify’s bulk operation stood still for ${bulkStallMinutes} minutes`);
}

/**
 * Sees to it that a bulk operation of the job has been completed, whose result is there to be read. Undefined: it came to
 * nothing, so look again at what the job's progress says.
 * @throws AppError `admin_api_refused` if Shopify denies the access that it takes; the next run begins another one
 */
export async function awaitOperation(
  context: OperationContext,
  shop: string,
  job: Job,
): Promise<BulkState | undefined> {
  const { operation } = job.progress();
  if (operation === undefined) {
    await start(context, shop, job);
    return undefined;
  }
  const state = await waitForEnd(context, shop, operation, job);
  if (state === 'stalled') {
    await leaveStalled(context, shop, operation, job);
    return undefined;
  }
  if (state?.status === 'COMPLETED') return state;
  const { errorCode } = state ?? {};
  const problem =
    state === undefined
      ? 'Shopify knows its bulk operation no more'
      : `Shopify’s bulk operation ended as ${state.status}${errorCode === undefined ? '' : `: ${errorCode}`}`;
  await giveUp(job, problem, errorCode);
  if (errorCode === 'ACCESS_DENIED') {
    job.note({ operations: 0 });
    throw new AppError('admin_api_refused', problem, { reason: 'access_denied' });
  }
  if (job.progress().operations >= MAX_OPERATIONS) await turnToPages(context, job, problem);
  return undefined;
}
