import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createDeadLetters } from './dead-letters.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** A customer whose snapshot has to be fetched. */
interface PendingRefresh {
  readonly shopifyId: string;
  /** Of the last ask: clearing needs it, so that an ask that comes meanwhile stands. */
  readonly version: string;
}

/** How often in a row a customer's snapshot was older than what is stored, while Shopify told the same time. */
interface OutdatedRun {
  /** Of the note, as record returns it. */
  readonly version: string;
  readonly times: number;
  /** UTC ISO 8601. */
  readonly since: string;
}

/** How many wait for a snapshot. */
interface PendingSummary {
  /** At most 500: to count more would be to read them all. */
  readonly count: number;
  /** Since when the first of them waits, UTC ISO 8601; undefined: nobody waits. */
  readonly oldestAt: string | undefined;
}

/** The customers of each shop whose snapshot has been asked for and is not here yet, one note for each. */
export interface PendingRefreshes {
  /**
   * Notes a customer; the time of the first note stands. Resolves to the note's new version.
   * @param failed whether fetching has failed; it counts as under way before
   * @param hasLetter whether the snapshot settles dead letters of this customer
   */
  record(shop: string, shopifyId: string, failed: boolean, hasLetter?: boolean): Promise<string>;
  /**
   * Notes a customer whose snapshot was older than what is stored, and counts how often it was.
   * @param updatedAt the snapshot's; another one than last time begins the count again
   */
  recordOutdated(shop: string, shopifyId: string, updatedAt: string): Promise<OutdatedRun>;
  /**
   * A snapshot that was asked for after the note got this version has been dealt with. Removes the dead letters that it
   * settles; it costs nothing where there are none.
   */
  clear(shop: string, shopifyId: string, version: string): Promise<void>;
  /** All of them, page by page; without a page's size as much as fits into 1 MB. */
  list(shop: string, pageSize?: number): AsyncGenerator<PendingRefresh>;
  summary(shop: string): Promise<PendingSummary>;
}

/** As many as wait, or more, are too many to fetch one by one. */
export const MANY_PENDING = 500;
const stored = z.object({
  sk: z.string(),
  since: z.string(),
  version: z.string(),
  failed: z.boolean().default(false),
});

const outdatedRun = z.object({
  version: z.string(),
  outdated_times: z.number(),
  outdated_since: z.string(),
});

/** @throws AppError `store_failed` from every function */
export function createPendingRefreshes(deps: ItemsDeps): PendingRefreshes {
  const { now } = deps;
  const items = createItems(deps);
  const deadLetters = createDeadLetters(deps);
  const keyOf = (shop: string, shopifyId: string) => ({ pk: `${shop}#pending_refresh`, sk: shopifyId });

  return {
    async record(shop, shopifyId, failed, hasLetter = false) {
      const version = randomUUID();
      const since = now().toISOString();
      await items.update(keyOf(shop, shopifyId), {
        text:
          'SET since = if_not_exists(since, :since), version = :version' +
          `${failed ? ', failed = :true' : ''}${hasLetter ? ', has_letter = :true' : ''}`,
        values: { ':since': since, ':version': version, ...((failed || hasLetter) && { ':true': true }) },
      });
      return version;
    },

    async recordOutdated(shop, shopifyId, updatedAt) {
      const key = keyOf(shop, shopifyId);
      const noted = 'since = if_not_exists(since, :now), version = :version, failed = :failed';
      const values = { ':version': randomUUID(), ':failed': true, ':now': now().toISOString(), ':one': 1 };
      const again = { text: `SET ${noted} ADD outdated_times :one`, values };
      const isSame = { text: 'outdated_at = :updated_at', values: { ':updated_at': updatedAt } };
      const first = {
        text: `SET ${noted}, outdated_at = :updated_at, outdated_times = :one, outdated_since = :now`,
        values: { ...values, ':updated_at': updatedAt },
      };
      const item = (await items.update(key, again, isSame)) ?? (await items.update(key, first));
      const { version, outdated_times: times, outdated_since: since } = outdatedRun.parse(item);
      return { version, times, since };
    },

    async clear(shop, shopifyId, version) {
      const removed = await items.take(keyOf(shop, shopifyId), {
        text: 'version = :version',
        values: { ':version': version },
      });
      if (removed?.['has_letter'] === true) await deadLetters.removeAwaiting(shop, shopifyId);
    },

    async *list(shop, pageSize) {
      for await (const item of items.list(keyOf(shop, '').pk, pageSize)) {
        const { sk: shopifyId, version } = stored.parse(item);
        yield { shopifyId, version };
      }
    },

    async summary(shop) {
      let count = 0;
      let oldestAt: string | undefined;
      for await (const item of items.list(keyOf(shop, '').pk, MANY_PENDING)) {
        const { since } = stored.parse(item);
        if (oldestAt === undefined || since < oldestAt) oldestAt = since;
        count += 1;
        if (count === MANY_PENDING) break;
      }
      return { count, oldestAt };
    },
  };
}
