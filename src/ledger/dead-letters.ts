import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** An authentic delivery that cannot be read, or not be written. */
interface DeadLetter {
  readonly shop: string;
  readonly topic: string;
  /** Shopify's id of the delivery: the same delivery once more replaces its letter. */
  readonly webhookId: string;
  readonly body: Uint8Array;
  /** What is wrong, without any value of the body. */
  readonly reason: string;
}

/** A letter as it is listed: nothing of its body. */
export interface DeadLetterEntry {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  /** UTC ISO 8601. */
  readonly received_at: string;
}

export interface DeadLetters {
  /** At most 100, oldest first; which ones of more than that is left open. */
  list(shop: string): Promise<readonly DeadLetterEntry[]>;
  /** The whole letter; undefined if there is none. */
  get(shop: string, webhookId: string): Promise<DeadLetter | undefined>;
  /** What was in it has been brought in. */
  remove(shop: string, webhookId: string): Promise<void>;
  put(letter: DeadLetter): Promise<void>;
}

const DAYS = 30;
const MOST = 100;

const entry = z.object({ sk: z.string(), topic: z.string(), reason: z.string(), received_at: z.string() });

// An item holds 400 KB; a webhook's body up to 5 MB.
const PART_BYTES = 350_000;

/**
 * Deliveries set aside for a person to look at; they are gone after 30 days.
 * @throws AppError `store_failed` from every function
 */
export function createDeadLetters(deps: ItemsDeps): DeadLetters {
  const { now } = deps;
  const items = createItems(deps);
  const keyOf = (shop: string, webhookId: string) => ({ pk: `${shop}#dead_letter`, sk: webhookId });
  const partsOf = (shop: string, webhookId: string) => `${shop}#dead_letter#${webhookId}`;

  return {
    async list(shop) {
      const letters: DeadLetterEntry[] = [];
      for await (const item of items.list(keyOf(shop, '').pk, MOST)) {
        const { sk, ...letter } = entry.parse(item);
        letters.push({ ...letter, id: sk });
        if (letters.length === MOST) break;
      }
      return letters.toSorted((a, b) => (a.received_at < b.received_at ? -1 : 1));
    },

    async get(shop, webhookId) {
      const first = await items.get(keyOf(shop, webhookId));
      if (first === undefined) return undefined;
      // A letter of an earlier version has the beginning of the body itself.
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
      // The letter itself comes last: whoever sees it has all of its parts. It holds none, because letters are listed
      // every few seconds.
      const received_at = now().toISOString();
      await items.put({ ...keyOf(shop, webhookId), topic, reason, received_at, expires_at });
    },
  };
}
