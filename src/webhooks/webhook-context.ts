import type { Sessions } from '../shopify/auth/sessions.ts';
import type { BulkFinished } from '../sync/full/bulk-finished.ts';
import type { ResumeStalled } from '../sync/jobs/resume-stalled.ts';
import type { RefreshQueue } from '../sync/refresh/refresh-queue.ts';
import type { Scheduler } from '../sync/scheduler.ts';
import type { SyncContext } from '../sync/sync-context.ts';
import type { RecordLastChange } from './record-last-change.ts';

/** What a delivery works with. */
export interface WebhookContext extends Pick<SyncContext, 'usersOf' | 'ledger' | 'metrics' | 'log' | 'now'> {
  readonly sessions: Pick<Sessions, 'removeOlder'>;
  readonly refreshQueue: Pick<RefreshQueue, 'ask' | 'askDurably'>;
  readonly scheduler: Pick<Scheduler, 'wake'>;
  readonly bulkFinished: Pick<BulkFinished, 'notify'>;
  readonly resumeStalled: ResumeStalled;
  readonly recordLastChange: RecordLastChange;
  /** The one shop of the deployment; undefined if any shop may install. */
  readonly onlyShop: string | undefined;
}
