import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** A verified delivery that cannot be processed. */
interface DeadLetter {
  /** The shop, or OPERATOR. */
  readonly shop: string;
  readonly topic: string;
  /** As Delivery has it: a redelivery replaces its dead letter. */
  readonly id: string;
  readonly body: Uint8Array;
  /** What is wrong, without any value of the body. */
  readonly reason: string;
  /** Whom it is about, if that can be read. */
  readonly shopifyId?: string | undefined;
}

/** What stands in a shop's place in the keys of what names no shop. */
export const OPERATOR = 'operator';

/** A dead letter in a list, without its body. */
export interface DeadLetterEntry {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  /** Whom it is about; null: nobody, or somebody whose id cannot be read. */
  readonly shopify_id: string | null;
  /** UTC ISO 8601. */
  readonly received_at: string;
}

export interface DeadLetters {
  /** At most 100, oldest first. If there are more, which ones are listed is undefined. */
  list(shop: string): Promise<readonly DeadLetterEntry[]>;
  /** With its body; undefined if there is none. */
  get(shop: string, id: string): Promise<DeadLetter | undefined>;
  remove(shop: string, id: string): Promise<void>;
  /** Removes those of a customer that await a snapshot: it has come. */
  removeAwaiting(shop: string, shopifyId: string): Promise<void>;
  /** @param awaitsSnapshot whether the customer's snapshot tells what the delivery would have */
  put(deadLetter: DeadLetter, awaitsSnapshot?: boolean): Promise<void>;
}

const DAYS = 30;
const MOST = 100;

const entry = z.object({
  sk: z.string(),
  topic: z.string(),
  reason: z.string(),
  received_at: z.string(),
  shopify_id: z.string().nullable().default(null),
});

// An item holds 400 KB, a webhook's body up to 5 MB.
const PART_BYTES = 350_000;

/**
 * Deliveries kept for 30 days, to be looked at and retried.
 * @throws AppError `store_failed` from every function
 */
export function createDeadLetters(deps: ItemsDeps): DeadLetters {
  const { now } = deps;
  const items = createItems(deps);
  const keyOf = (shop: string, id: string) => ({ pk: `${shop}#dead_letter`, sk: id });
  const partsOf = (shop: string, id: string) => `${shop}#dead_letter#${id}`;

  async function remove(shop: string, id: string): Promise<void> {
    await items.remove(keyOf(shop, id));
    const pk = partsOf(shop, id);
    for await (const { sk } of items.list(pk)) await items.remove({ pk, sk: String(sk) });
  }

  return {
    remove,

    async list(shop) {
      const entries: DeadLetterEntry[] = [];
      for await (const item of items.list(keyOf(shop, '').pk, MOST)) {
        const { sk, ...rest } = entry.parse(item);
        entries.push({ ...rest, id: sk });
        if (entries.length === MOST) break;
      }
      return entries.toSorted((a, b) => (a.received_at < b.received_at ? -1 : 1));
    },

    async get(shop, id) {
      const first = await items.get(keyOf(shop, id));
      if (first === undefined) return undefined;
      // Earlier versions stored the beginning of the body in the dead letter itself.
      const parts = [first];
      for await (const part of items.list(partsOf(shop, id))) parts.push(part);
      const bytes = parts.map(({ body }) => body).filter((body) => body instanceof Uint8Array);
      const { topic, reason, shopify_id } = entry.parse(first);
      const letter = { shop, id, topic, reason, body: Buffer.concat(bytes) };
      return shopify_id === null ? letter : { ...letter, shopifyId: shopify_id };
    },

    async removeAwaiting(shop, shopifyId) {
      for await (const { sk, shopify_id, awaits_snapshot } of items.list(keyOf(shop, '').pk))
        if (shopify_id === shopifyId && awaits_snapshot === true) await remove(shop, String(sk));
    },

    async put({ shop, topic, id, body, reason, shopifyId }, awaitsSnapshot = false) {
      const expires_at = toExpiry(now(), DAYS);
      const pk = partsOf(shop, id);
      for (let part = 0; part * PART_BYTES < body.length; part += 1) {
        const sk = `part#${String(part).padStart(2, '0')}`;
        await items.put({
          pk,
          sk,
          body: body.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
          expires_at,
        });
      }
      // Last, so that a listed dead letter has all of its parts. It holds no part of the body itself, because the list is
      // read every few seconds.
      const received_at = now().toISOString();
      await items.put({
        ...keyOf(shop, id),
        topic,
        reason,
        shopify_id: shopifyId,
        awaits_snapshot: awaitsSnapshot || undefined,
        received_at,
        expires_at,
      });
    },
  };
}
