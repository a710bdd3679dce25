import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** A customer whose snapshot has to be fetched. */
interface UnrefreshedNote {
  readonly shopifyId: string;
  /** Of the last ask: clearing needs it, so that an ask that comes meanwhile stands. */
  readonly mark: string;
}

/** The customers of each shop whose snapshot has been asked for and is not here yet, one note for each. */
export interface Unrefreshed {
  /**
   * Notes a customer; the time of the first note stands. Resolves to the note's new mark.
   * @param failed whether fetching has failed; it counts as under way before
   */
  note(shop: string, shopifyId: string, failed: boolean): Promise<string>;
  /** A snapshot that was asked for after the note got this mark has been dealt with. */
  clear(shop: string, shopifyId: string, mark: string): Promise<void>;
  list(shop: string): AsyncGenerator<UnrefreshedNote>;
  /** Since when the first one waits whose snapshot has failed, UTC ISO 8601; of very many, of the first 1,000 by id. */
  oldestFailed(shop: string): Promise<string | undefined>;
}

export interface UnrefreshedDeps extends ItemsDeps {
  readonly now: () => Date;
}

const LOOKED_AT = 1000;
const stored = z.object({
  sk: z.string(),
  since: z.string(),
  mark: z.string(),
  failed: z.boolean().default(false),
});

/** @throws AppError `store_failed` from every function */
export function createUnrefreshed({ now, ...deps }: UnrefreshedDeps): Unrefreshed {
  const items = createItems(deps);
  const keyOf = (shop: string, shopifyId: string) => ({ pk: `${shop}#unrefreshed`, sk: shopifyId });

  return {
    async note(shop, shopifyId, failed) {
      const mark = randomUUID();
      const since = now().toISOString();
      await items.update(keyOf(shop, shopifyId), {
        text: `SET since = if_not_exists(since, :since), mark = :mark${failed ? ', failed = :failed' : ''}`,
        values: { ':since': since, ':mark': mark, ...(failed && { ':failed': true }) },
      });
      return mark;
    },

    async clear(shop, shopifyId, mark) {
      await items.remove(keyOf(shop, shopifyId), { text: 'mark = :mark', values: { ':mark': mark } });
    },

    async *list(shop) {
      for await (const item of items.list(keyOf(shop, '').pk)) {
        const { sk: shopifyId, mark } = stored.parse(item);
        yield { shopifyId, mark };
      }
    },

    async oldestFailed(shop) {
      let oldest: string | undefined;
      let looked = 0;
      for await (const item of items.list(keyOf(shop, '').pk, LOOKED_AT)) {
        const { since, failed } = stored.parse(item);
        if (failed && (oldest === undefined || since < oldest)) oldest = since;
        looked += 1;
        if (looked === LOOKED_AT) break;
      }
      return oldest;
    },
  };
}
