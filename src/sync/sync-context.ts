import type { TagRules } from '../customers/entitlements.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Admin } from '../shopify/admin/admin.ts';
import type { Sleep } from '../shopify/admin/query-queue.ts';
import type { Users } from '../users/store.ts';
import type { WriteLimiter } from '../users/write-limiter.ts';

/** What the flows of the sync work with. A function names what it uses of it: `Pick<SyncContext, 'admin' | 'ledger'>`. */
export interface SyncContext {
  readonly admin: Admin;
  readonly usersOf: (shop: string) => Users;
  readonly ledger: Ledger;
  readonly rules: TagRules;
  /** Keeps what no webhook waits for within its write units a second. */
  readonly writeLimiter: WriteLimiter;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  /** Resolves after so many milliseconds; rejects with the signal's reason. */
  readonly sleep: Sleep;
}
