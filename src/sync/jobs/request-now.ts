import type { JobQueue } from '../../ledger/jobs.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SyncContext } from '../sync-context.ts';

export interface RequestContext extends Pick<SyncContext, 'ledger'> {
  readonly scheduler: Pick<Scheduler, 'wake'>;
}

/**
 * Requests a job, which is durable then, and begins it here if there is room. Its end is not waited for.
 * @throws AppError `store_failed`
 */
export async function requestNow(
  { ledger, scheduler }: RequestContext,
  shop: string,
  name: string,
  queue: JobQueue = 'short',
): Promise<void> {
  await ledger.jobs.request(shop, name, queue);
  void scheduler.wake(shop, name);
}
