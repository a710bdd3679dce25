import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** A demand of the law that Shopify has delivered. Instants are UTC ISO 8601. */
interface Receipt {
  /** `customers/redact` and the like. */
  readonly topic: string;
  /** Shopify's id of the delivery: the same delivery once more is the same receipt. */
  readonly webhookId: string;
  readonly receivedAt: string;
  /** By when it has to be done: 30 days. */
  readonly deadline: string;
  /** Undefined: somebody has to see to it. */
  readonly doneAt?: string | undefined;
  /** What has to be done, as it was delivered; kept only as long as it is not done. */
  readonly body?: string | undefined;
}

/** The demands of all shops. They outlive what they are about, to be carried out again after a restore. */
export interface Receipts {
  put(shop: string, receipt: Receipt): Promise<void>;
  all(shop: string): Promise<readonly Receipt[]>;
}

const stored = z.object({
  topic: z.string(),
  sk: z.string(),
  received_at: z.string(),
  deadline: z.string(),
  done_at: z.string().optional(),
  body: z.string().optional(),
});

/** @throws AppError `store_failed` from both functions */
export function createReceipts(deps: ItemsDeps): Receipts {
  const items = createItems(deps);
  const pkOf = (shop: string) => `${shop}#receipt`;

  return {
    async put(shop, { topic, webhookId, receivedAt, deadline, doneAt, body }) {
      const key = { pk: pkOf(shop), sk: webhookId };
      await items.put({ ...key, topic, received_at: receivedAt, deadline, done_at: doneAt, body });
    },

    async all(shop) {
      const receipts: Receipt[] = [];
      for await (const item of items.list(pkOf(shop))) {
        const { sk, received_at: receivedAt, done_at: doneAt, ...receipt } = stored.parse(item);
        receipts.push({ ...receipt, webhookId: sk, receivedAt, doneAt });
      }
      return receipts;
    },
  };
}
