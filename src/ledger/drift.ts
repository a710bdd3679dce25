import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** How a user may differ from the customer. */
export const KINDS = ['missing_here', 'extra_here', 'stale', 'wrong_entitlements'] as const;

const report = z.object({
  /** Whether everybody was compared. */
  complete: z.boolean(),
  /** Why not, in words. */
  problem: z.string().optional(),
  /** Nothing was repaired. */
  dry_run: z.boolean(),
  /** Customers that Shopify told. */
  compared: z.number(),
  /** Customers who have no user. */
  missing_here: z.number(),
  /** Users whom Shopify does not have any more. */
  extra_here: z.number(),
  /** Users whose profile is not the customer's. */
  stale: z.number(),
  /** Users of whom nothing but flags or membership differ. */
  wrong_entitlements: z.number(),
  /** Of all these, users that are right now. */
  repaired: z.number(),
  /** Customers that could not be read. */
  unreadable: z.number(),
  started_at: z.string(),
  finished_at: z.string(),
});

const row = z.object({
  difference: z.enum(KINDS),
  shopify_id: z.string(),
  /** Names only: what they should be is personal. */
  attributes: z.array(z.string()),
  /** When the customer was changed last, as Shopify says; null: there is none. */
  shopify_updated_at: z.string().nullable(),
  /** The same as the user says; null: there is none. */
  user_updated_at: z.string().nullable(),
  repaired: z.boolean(),
});

/** What a full comparison found, in numbers. Instants are UTC ISO 8601. */
export type DriftReport = z.infer<typeof report>;

/** One user that was not what the customer is. */
export type DriftRow = z.infer<typeof row>;

/** The last full comparison of each shop. */
export interface Drifts {
  latest(shop: string): Promise<DriftReport | undefined>;
  /** Keeps a page of what a comparison has found, for 30 days. */
  addRows(shop: string, startedAt: string, page: number, rows: readonly DriftRow[]): Promise<void>;
  /** Makes it the last one. */
  put(shop: string, report: DriftReport): Promise<void>;
  /** What the last one has found, page by page. */
  rows(shop: string): AsyncGenerator<readonly DriftRow[]>;
}

const DAYS = 30;
const storedRows = z.object({ rows: z.array(row) });

/** @throws AppError `store_failed` from every function */
export function createDrifts(deps: ItemsDeps): Drifts {
  const items = createItems(deps);
  const keyOf = (shop: string) => ({ pk: `${shop}#drift`, sk: 'last' });
  const rowsOf = (shop: string, startedAt: string) => `${shop}#drift#${startedAt}`;

  async function latest(shop: string): Promise<DriftReport | undefined> {
    const item = await items.get(keyOf(shop));
    return item && report.parse(item);
  }

  return {
    latest,

    async addRows(shop, startedAt, page, rows) {
      const expires_at = toExpiry(new Date(startedAt), DAYS);
      const key = { pk: rowsOf(shop, startedAt), sk: String(page).padStart(8, '0') };
      await items.put({ ...key, rows, expires_at });
    },

    async put(shop, last) {
      await items.put({ ...keyOf(shop), ...last });
    },

    async *rows(shop) {
      const last = await latest(shop);
      if (last === undefined) return;
      for await (const item of items.list(rowsOf(shop, last.started_at))) yield storedRows.parse(item).rows;
    },
  };
}
