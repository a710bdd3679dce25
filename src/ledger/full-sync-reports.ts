import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

const differences = z.object({
  /** Customers who have no user. */
  missing_here: z.number(),
  /** Users whom Shopify does not have any more. */
  extra_here: z.number(),
  /** Users whose profile is not the customer's. */
  stale: z.number(),
  /** Users of whom nothing but roles or membership differ. */
  wrong_entitlements: z.number(),
});

const report = z.object({
  mode: z.enum(['apply', 'check']),
  reader: z.enum(['bulk', 'pages']),
  /** Whether every customer that the shop had at `snapshot_at` is accounted for. */
  complete: z.boolean(),
  /** Why it is not complete, in words. */
  problem: z.string().optional(),
  /** Why a bulk operation ended, as Shopify's code. */
  error_code: z.string().optional(),
  /** The sum of what became of them: `written` or `differing` to `undecided`. */
  listed: z.number(),
  /** With mode `apply`. */
  written: z.number().optional(),
  /** With mode `check`. */
  differing: z.number().optional(),
  unchanged: z.number(),
  /** A newer state stands here. */
  already_newer: z.number(),
  tombstoned: z.number(),
  /** Customers that came a second time. */
  duplicate: z.number(),
  failed: z.number(),
  unreadable: z.number(),
  /** Customers that were left pending: a later refresh decides. */
  undecided: z.number(),
  /** Users removed because Shopify does not have them any more. */
  removed: z.number(),
  /** Users whom Shopify does not have any more and who are still here. */
  extra_here: z.number(),
  differences,
  /** How many people are removed only after somebody has confirmed it; 0: there is no question. */
  unconfirmed_removals: z.number(),
  /** Bulk operations and listings by pages that were begun. */
  listings: z.number(),
  /** Reports in a row up to this one that are not complete. */
  incomplete_runs: z.number(),
  requests: z.number(),
  write_units: z.number(),
  /** As of when Shopify told the customers, by its clock. */
  snapshot_at: z.string(),
  started_at: z.string(),
  finished_at: z.string(),
  duration_ms: z.number(),
});

/** What a full sync ended with. Instants are UTC ISO 8601. */
export type FullSyncReport = z.infer<typeof report>;

/** The reports of full syncs. */
export interface FullSyncReports {
  /** The last one, and the last one that applied what it found. */
  latest(shop: string): Promise<{
    readonly last: FullSyncReport | undefined;
    readonly lastApply: FullSyncReport | undefined;
  }>;
  put(shop: string, report: FullSyncReport): Promise<void>;
}

/** @throws AppError `store_failed` from every function */
export function createFullSyncReports(deps: ItemsDeps): FullSyncReports {
  const items = createItems(deps);
  const pkOf = (shop: string) => `${shop}#full_sync`;

  return {
    async latest(shop) {
      const bySk = new Map<unknown, FullSyncReport>();
      for await (const item of items.list(pkOf(shop))) bySk.set(item['sk'], report.parse(item));
      return { last: bySk.get('last'), lastApply: bySk.get('last_apply') };
    },

    async put(shop, last) {
      const keys = last.mode === 'apply' ? ['last_apply', 'last'] : ['last'];
      for (const sk of keys) await items.put({ pk: pkOf(shop), sk, ...last });
    },
  };
}
