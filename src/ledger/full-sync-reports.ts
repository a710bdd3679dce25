import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** How a user may differ from the customer. */
const DIFFERENCES = ['missing_here', 'extra_here', 'stale', 'wrong_entitlements'] as const;

export const differenceCounts = z.object({
  /** Customers who had no user. */
  missing_here: z.number(),
  /** Users whom Shopify does not have any more. */
  extra_here: z.number(),
  /** Users whose profile was not the customer's. */
  stale: z.number(),
  /** Users of whom nothing but roles or membership differed. */
  wrong_entitlements: z.number(),
});

const report = z.object({
  /** `apply`: what differed was written. `check`: it was only counted. */
  mode: z.enum(['apply', 'check']),
  reader: z.enum(['bulk', 'pages']),
  /** Whether every customer that the shop had at `snapshot_at` is accounted for. */
  complete: z.boolean(),
  /** Why it is not complete, in words. */
  problem: z.string().optional(),
  /** With which the last bulk operation failed, in Shopify's words. */
  error_code: z.string().optional(),
  /** Customers that Shopify told: the sum of all the following up to `undecided`. */
  listed: z.number(),
  /** In `apply` alone. */
  written: z.number().optional(),
  /** In `check` alone: users that are not what Shopify says. */
  differing: z.number().optional(),
  unchanged: z.number(),
  /** A newer state stands, here or at Shopify. */
  already_newer: z.number(),
  tombstoned: z.number(),
  /** Customers that came a second time. */
  duplicate: z.number(),
  /** Customers that could not be read or written. */
  failed: z.number(),
  /** Lines that say nobody's id, or are no JSON. */
  unreadable: z.number(),
  /** Customers of whom nobody could say who is newer; in `apply` their refresh is pending. */
  undecided: z.number(),
  /** Users removed because Shopify does not have them any more. */
  removed: z.number(),
  /** Users whom Shopify does not have any more and who are still here. */
  extra_here: z.number(),
  differences: differenceCounts,
  /** Users whose removal waits for the merchant's word: they are too many. */
  unconfirmed_removals: z.number(),
  /** Bulk operations and listings by pages that were begun. */
  listings: z.number(),
  /** Reports in a row up to this one that are not complete. */
  incomplete_runs: z.number(),
  /** Queries and downloads, without those that had to be repeated. */
  requests: z.number(),
  /** Of its own updates, as DynamoDB counted them; of a refused one as it was estimated. */
  write_units: z.number(),
  /** As of when Shopify told the customers, by its clock. */
  snapshot_at: z.string(),
  started_at: z.string(),
  finished_at: z.string(),
  duration_ms: z.number(),
});

const row = z.object({
  difference: z.enum(DIFFERENCES),
  shopify_id: z.string(),
  /** Names only: what they should be is personal. */
  attributes: z.array(z.string()),
  /** When the customer was changed last, as Shopify says; null: there is none. */
  shopify_updated_at: z.string().nullable(),
  /** The same as the user said; null: there was none. */
  user_updated_at: z.string().nullable(),
  repaired: z.boolean(),
});

/** What a full sync ended with. Instants are UTC ISO 8601. */
export type FullSyncReport = z.infer<typeof report>;

/** One user that was not what the customer is. */
export type DifferenceRow = z.infer<typeof row>;

/** Which rows belong to a report: those of the listing that it ended with. */
type RowsKey = Pick<FullSyncReport, 'started_at' | 'listings'>;

/** The reports of the full syncs of each shop. */
export interface FullSyncReports {
  /** The last one, and the last one that applied what it found. */
  latest(shop: string): Promise<{
    readonly last: FullSyncReport | undefined;
    readonly lastApply: FullSyncReport | undefined;
  }>;
  /** Makes it the last one. */
  put(shop: string, report: FullSyncReport): Promise<void>;
  /** Keeps some of what a full sync has found, for 30 days; the same part again takes its place. */
  addRows(shop: string, key: RowsKey, part: string, rows: readonly DifferenceRow[]): Promise<void>;
  /** What the last one has found, part by part. */
  rows(shop: string): AsyncGenerator<readonly DifferenceRow[]>;
}

const DAYS = 30;
const storedRows = z.object({ rows: z.array(row), expires_at: z.number() });

/** @throws AppError `store_failed` from every function */
export function createFullSyncReports(deps: ItemsDeps): FullSyncReports {
  const { now } = deps;
  const items = createItems(deps);
  const pkOf = (shop: string) => `${shop}#full_sync`;
  const rowsOf = (shop: string, { started_at, listings }: RowsKey) =>
    `${shop}#full_sync#${started_at}#${listings}`;

  async function latest(shop: string) {
    const bySk = new Map<unknown, FullSyncReport>();
    for await (const item of items.list(pkOf(shop))) bySk.set(item['sk'], report.parse(item));
    return { last: bySk.get('last'), lastApply: bySk.get('last_apply') };
  }

  return {
    latest,

    async put(shop, last) {
      const keys = last.mode === 'apply' ? ['last_apply', 'last'] : ['last'];
      for (const sk of keys) await items.put({ pk: pkOf(shop), sk, ...last });
    },

    async addRows(shop, key, part, rows) {
      const expires_at = toExpiry(now(), DAYS);
      await items.put({ pk: rowsOf(shop, key), sk: part, rows, expires_at });
    },

    async *rows(shop) {
      const { last } = await latest(shop);
      if (last === undefined) return;
      const seconds = now().getTime() / 1000;
      for await (const item of items.list(rowsOf(shop, last))) {
        const { rows, expires_at } = storedRows.parse(item);
        // DynamoDB removes what has expired within days, other engines never.
        if (expires_at > seconds) yield rows;
      }
    },
  };
}
