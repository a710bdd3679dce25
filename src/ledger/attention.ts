import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** Something about one customer that a person should look at. */
interface AttentionNote {
  readonly shopifyId: string;
  /** Why, as codes: customers/membership.ts. */
  readonly codes: readonly string[];
  /** UTC ISO 8601. */
  readonly since: string;
}

/** What needs a person's attention, by shop. */
export interface AttentionNotes {
  all(shop: string): Promise<readonly AttentionNote[]>;
  /** Keeps a note for 30 days; it is renewed whenever the reason is seen again. */
  put(shop: string, note: AttentionNote): Promise<void>;
  /** The reason is gone. */
  clear(shop: string, shopifyId: string): Promise<void>;
}

const DAYS = 30;
const stored = z.object({ sk: z.string(), codes: z.array(z.string()), since: z.string() });

/** @throws AppError `store_failed` from every function */
export function createAttentionNotes(deps: ItemsDeps): AttentionNotes {
  const items = createItems(deps);
  const pkOf = (shop: string) => `${shop}#attention`;

  return {
    async all(shop) {
      const notes: AttentionNote[] = [];
      for await (const item of items.list(pkOf(shop))) {
        const { sk, ...note } = stored.parse(item);
        notes.push({ ...note, shopifyId: sk });
      }
      return notes;
    },

    async put(shop, { shopifyId, codes, since }) {
      const expires_at = Math.floor(Date.parse(since) / 1000) + DAYS * 86_400;
      await items.put({ pk: pkOf(shop), sk: shopifyId, codes, since, expires_at });
    },

    async clear(shop, shopifyId) {
      await items.remove({ pk: pkOf(shop), sk: shopifyId });
    },
  };
}
