import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** What an import or a comparison counts of what it reads. */
export const counts = z.object({
  /** The sum of all the following counts of lines. */
  lines_read: z.number(),
  written: z.number(),
  unchanged: z.number(),
  /** A newer state stands, here or at Shopify. */
  already_newer: z.number(),
  /** A customer that came a second time. */
  duplicate: z.number(),
  tombstoned: z.number(),
  /** Customers that could not be read or written. */
  failed: z.number(),
  /** Lines that say nobody's id, or are no JSON. */
  unreadable: z.number(),
  /** Lines that are no customer, but belong to one. */
  other: z.number(),
  /** Over the ids, in whatever order they came. */
  digest: z.string(),
});

/** The counts of an import or a comparison. */
export type Counts = z.infer<typeof counts>;

const schema = z.object({
  /** Whether every customer that the shop had at `snapshot_at` is accounted for. */
  complete: z.boolean(),
  /** Why it is not complete, in words. */
  problem: z.string().optional(),
  way: z.enum(['bulk', 'paging']),
  /** How many objects Shopify says there are; by paging: how many it listed. */
  object_count: z.number(),
  ...counts.shape,
  /** As of when Shopify told the customers, by its clock. */
  snapshot_at: z.string(),
  started_at: z.string(),
  finished_at: z.string(),
  duration_ms: z.number(),
  /** Bulk operations that it took. */
  operations: z.number(),
  /** Queries and downloads, without those that had to be repeated. */
  requests: z.number(),
  /** Of the import's own updates, as DynamoDB counted them; of a refused one as it was reckoned for the pace. */
  write_units: z.number(),
});

/** What a backfill ended with. Instants are UTC ISO 8601. */
export type Certificate = z.infer<typeof schema>;

/** The certificates of backfills. */
export interface Certificates {
  /** The last one, and the last one that is complete. */
  latest(
    shop: string,
  ): Promise<{ readonly last: Certificate | undefined; readonly complete: Certificate | undefined }>;
  put(shop: string, certificate: Certificate): Promise<void>;
}

/** @throws AppError `store_failed` from every function */
export function createCertificates(deps: ItemsDeps): Certificates {
  const items = createItems(deps);
  const pkOf = (shop: string) => `${shop}#certificate`;

  return {
    async latest(shop) {
      const bySk = new Map<unknown, Certificate>();
      for await (const item of items.list(pkOf(shop))) bySk.set(item['sk'], schema.parse(item));
      return { last: bySk.get('backfill'), complete: bySk.get('backfill_complete') };
    },

    async put(shop, certificate) {
      const keys = certificate.complete ? ['backfill_complete', 'backfill'] : ['backfill'];
      for (const sk of keys) await items.put({ pk: pkOf(shop), sk, ...certificate });
    },
  };
}
