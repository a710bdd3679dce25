import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** A verified delivery that cannot be processed. */
interface DeadLetter {
  readonly shop: string;
  readonly topic: string;
  /** Shopify's id of the delivery: a redelivery replaces its dead letter. */
  readonly webhookId: string;
  readonly body: Uint8Array;
  /** What is wrong, without any value of the body. */
  readonly reason: string;
}

/** A dead letter in a list, without its body. */
export interface DeadLetterEntry {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  /** UTC ISO 8601. */
  readonly received_at: string;
}

export interface DeadLetters {
  /** At most 100, oldest first. If there are more, which ones are listed is undefined. */
  list(shop: string): Promise<readonly DeadLetterEntry[]>;
  /** With its body; undefined if there is none. */
  get(shop: string, webhookId: string): Promise<DeadLetter | undefined>;
  remove(shop: string, webhookId: string): Promise<void>;
  put(deadLetter: DeadLetter): Promise<void>;
}

const DAYS = 30;
const MOST = 100;

const entry = z.object({ sk: z.string(), topic: z.string(), reason: z.string(), received_at: z.string() });

// An item holds 400 KB, a webhook's body up to 5 MB.
const PART_BYTES = 350_000;

/**
 * Deliveries kept for 30 days, to be looked at and retried.
 * @throws AppError `store_failed` from every function
 */
export function createDeadLetters(deps: ItemsDeps): DeadLetters {
  const { now } = deps;
  const items = createItems(deps);
  const keyOf = (shop: string, webhookId: string) => ({ pk: `${shop}#dead_letter`, sk: webhookId });
  const partsOf = (shop: string, webhookId: string) => `${shop}#dead_letter#${webhookId}`;

  return {
    async list(shop) {
      const entries: DeadLetterEntry[] = [];
      for await (const item of items.list(keyOf(shop, '').pk, MOST)) {
        const { sk, ...rest } = entry.parse(item);
        entries.push({ ...rest, id: sk });
        if (entries.length === MOST) break;
      }
      return entries.toSorted((a, b) => (a.received_at < b.received_at ? -1 : 1));
    },

    async get(shop, webhookId) {
      const first = await items.get(keyOf(shop, webhookId));
      if (first === undefined) return undefined;
      // Earlier versions stored the beginning of the body in the dead letter itself.
      const parts = [first];
      for await (const part of items.list(partsOf(shop, webhookId))) parts.push(part);
      const bytes = parts.map(({ body }) => body).filter((body) => body instanceof Uint8Array);
      const { topic, reason } = entry.parse(first);
      return { shop, webhookId, topic, reason, body: Buffer.concat(bytes) };
    },

    async remove(shop, webhookId) {
      await items.remove(keyOf(shop, webhookId));
      const pk = partsOf(shop, webhookId);
      for await (const { sk } of items.list(pk)) await items.remove({ pk, sk: String(sk) });
    },

    async put({ shop, topic, webhookId, body, reason }) {
      const expires_at = toExpiry(now(), DAYS);
      const pk = partsOf(shop, webhookId);
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
      await items.put({ ...keyOf(shop, webhookId), topic, reason, received_at, expires_at });
    },
  };
}
