import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** A privacy request (compliance webhook) from Shopify. Instants are UTC ISO 8601. */
interface PrivacyRequest {
  /** Such as `customers/redact`. */
  readonly topic: string;
  /** Shopify's id of the delivery: a redelivery is the same request. */
  readonly webhookId: string;
  readonly receivedAt: string;
  /** 30 days after receivedAt. */
  readonly deadline: string;
  /** The customer; undefined: the whole shop, or a customer known only by e-mail. */
  readonly shopifyId?: string | undefined;
  /** Stored only while the request is open. */
  readonly email?: string | undefined;
  /** Shopify's id of a `customers/data_request`. */
  readonly dataRequestId?: string | undefined;
}

/** The privacy requests of all shops. Receipts of fulfilled ones are kept for ever, to repeat erasures after a restore. */
export interface PrivacyRequests {
  /** Stores a request for an operator. Idempotent: redelivery keeps the first deadline. */
  record(shop: string, request: PrivacyRequest): Promise<void>;
  /** Replaces an open request by a receipt, which holds the person's id and nothing else of them. */
  done(shop: string, request: PrivacyRequest, doneAt: string): Promise<void>;
  open(shop: string): Promise<readonly PrivacyRequest[]>;
}

const stored = z.object({
  topic: z.string(),
  sk: z.string(),
  received_at: z.string(),
  deadline: z.string(),
  shopify_id: z.string().optional(),
  email: z.string().optional(),
  data_request_id: z.string().optional(),
});

function fromItem(item: unknown): PrivacyRequest {
  const { sk, received_at, shopify_id, data_request_id, ...rest } = stored.parse(item);
  return {
    ...rest,
    webhookId: sk,
    receivedAt: received_at,
    shopifyId: shopify_id,
    dataRequestId: data_request_id,
  };
}

/** @throws AppError `store_failed` from every function */
export function createPrivacyRequests(deps: ItemsDeps): PrivacyRequests {
  const items = createItems(deps);
  // Open requests have a partition of their own: it is read every few seconds, and receipts are kept for ever.
  const openKey = (shop: string, webhookId: string) => ({ pk: `${shop}#privacy_request`, sk: webhookId });
  const doneKey = (shop: string, webhookId: string) => ({ pk: `${shop}#receipt`, sk: webhookId });
  const toItem = ({ topic, receivedAt, deadline, shopifyId }: PrivacyRequest) => ({
    topic,
    received_at: receivedAt,
    deadline,
    shopify_id: shopifyId,
  });

  return {
    async record(shop, request) {
      const { webhookId, email, dataRequestId: data_request_id } = request;
      const item = { ...openKey(shop, webhookId), ...toItem(request), email, data_request_id };
      await items.put(item, { text: 'attribute_not_exists(pk)' });
    },

    async done(shop, request, doneAt) {
      const { webhookId } = request;
      await items.put({ ...doneKey(shop, webhookId), ...toItem(request), done_at: doneAt });
      await items.remove(openKey(shop, webhookId));
    },

    async open(shop) {
      const requests: PrivacyRequest[] = [];
      for await (const item of items.list(openKey(shop, '').pk)) requests.push(fromItem(item));
      return requests;
    },
  };
}
