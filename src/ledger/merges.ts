import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** Two customers that Shopify has made one, by their ids. */
export interface Merge {
  readonly keptId: string;
  readonly deletedId: string;
  /** When we were told, UTC ISO 8601. */
  readonly toldAt: string;
}

/** Merges of which it is not settled yet what moves to the kept customer. */
export interface Merges {
  /** Keeps a merge for 90 days, as long as the tombstone of its deleted customer. */
  put(shop: string, merge: Merge): Promise<void>;
  all(shop: string): Promise<readonly Merge[]>;
  remove(shop: string, merge: Merge): Promise<void>;
}

const DAYS = 90;
const stored = z.object({ sk: z.string(), kept_id: z.string(), told_at: z.string() });

/** @throws AppError `store_failed` from every function */
export function createMerges(deps: ItemsDeps): Merges {
  const items = createItems(deps);
  const keyOf = (shop: string, deletedId: string) => ({ pk: `${shop}#merge`, sk: deletedId });

  return {
    async put(shop, { keptId, deletedId, toldAt }) {
      const expires_at = toExpiry(new Date(toldAt), DAYS);
      await items.put({ ...keyOf(shop, deletedId), kept_id: keptId, told_at: toldAt, expires_at });
    },

    async all(shop) {
      const merges: Merge[] = [];
      for await (const item of items.list(keyOf(shop, '').pk)) {
        const { sk: deletedId, kept_id: keptId, told_at: toldAt } = stored.parse(item);
        merges.push({ keptId, deletedId, toldAt });
      }
      return merges;
    },

    async remove(shop, { deletedId }) {
      await items.remove(keyOf(shop, deletedId));
    },
  };
}
