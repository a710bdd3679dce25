import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** A customer whose snapshot has to be fetched. */
interface PendingRefresh {
  readonly shopifyId: string;
  /** Of the last ask: clearing needs it, so that an ask that comes meanwhile stands. */
  readonly version: string;
}

/** Those of a shop. */
export interface PendingSummary {
  /** At most 500. */
  readonly count: number;
  readonly hasMore: boolean;
  /** UTC ISO 8601; undefined: nobody waits. */
  readonly oldestAt: string | undefined;
}

/** The customers of each shop whose snapshot has been asked for and is not here yet, one note for each. */
export interface PendingRefreshes {
  /**
   * Notes a customer; the time of the first note stands. Resolves to the note's new version.
   * @param failed whether fetching has failed; it counts as under way before
   */
  record(shop: string, shopifyId: string, failed: boolean): Promise<string>;
  /** A snapshot that was asked for after the note got this version has been dealt with. */
  clear(shop: string, shopifyId: string, version: string): Promise<void>;
  list(shop: string): AsyncGenerator<PendingRefresh>;
  /** How many wait and since when the first of them; of very many, of the first 500 by id. */
  summarize(shop: string): Promise<PendingSummary>;
}

export interface PendingRefreshesDeps extends ItemsDeps {
  readonly now: () => Date;
}

const LOOKED_AT = 500;
const stored = z.object({
  sk: z.string(),
  since: z.string(),
  version: z.string(),
});

/** @throws AppError `store_failed` from every function */
export function createPendingRefreshes({ now, ...deps }: PendingRefreshesDeps): PendingRefreshes {
  const items = createItems(deps);
  const keyOf = (shop: string, shopifyId: string) => ({ pk: `${shop}#pending_refresh`, sk: shopifyId });

  return {
    async record(shop, shopifyId, failed) {
      const version = randomUUID();
      const since = now().toISOString();
      await items.update(keyOf(shop, shopifyId), {
        text: `SET since = if_not_exists(since, :since), version = :version${failed ? ', failed = :failed' : ''}`,
        values: { ':since': since, ':version': version, ...(failed && { ':failed': true }) },
      });
      return version;
    },

    async clear(shop, shopifyId, version) {
      await items.remove(keyOf(shop, shopifyId), {
        text: 'version = :version',
        values: { ':version': version },
      });
    },

    async *list(shop) {
      for await (const item of items.list(keyOf(shop, '').pk)) {
        const { sk: shopifyId, version } = stored.parse(item);
        yield { shopifyId, version };
      }
    },

    async summarize(shop) {
      let oldestAt: string | undefined;
      let count = 0;
      for await (const item of items.list(keyOf(shop, '').pk, LOOKED_AT)) {
        const { since } = stored.parse(item);
        if (oldestAt === undefined || since < oldestAt) oldestAt = since;
        count += 1;
        if (count === LOOKED_AT) break;
      }
      return { count, hasMore: count === LOOKED_AT, oldestAt };
    },
  };
}
