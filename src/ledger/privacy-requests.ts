import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** A privacy request (compliance webhook) from Shopify. Instants are UTC ISO 8601. */
interface PrivacyRequest {
  /** Such as `customers/redact`. */
  readonly topic: string;
  /** As Delivery has it: all deliveries of one event are the same request. */
  readonly id: string;
  readonly receivedAt: string;
  /** 30 days after receivedAt. */
  readonly deadline: string;
  /** The customer; undefined: the whole shop, or a customer known only by e-mail. */
  readonly shopifyId?: string | undefined;
  /** Stored only while the request is open. */
  readonly email?: string | undefined;
  /** Shopify's id of a `customers/data_request`. */
  readonly dataRequestId?: string | undefined;
  /** The shop that the delivery names, where the request is none of that shop's but an operator's. */
  readonly namedShop?: string | undefined;
}

/** The privacy requests of all shops. Receipts of fulfilled ones are kept for ever, to repeat erasures after a restore. */
export interface PrivacyRequests {
  /** Stores a request for a person to fulfil. Idempotent: redelivery keeps the first deadline. @param shop or OPERATOR */
  record(shop: string, request: PrivacyRequest): Promise<void>;
  /**
   * Replaces an open request by a receipt, which holds the person's id and nothing else of them.
   * @param outcome `nothing_held`: there was nothing to erase or to tell
   */
  done(shop: string, request: PrivacyRequest, doneAt: string, outcome?: 'nothing_held'): Promise<void>;
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
  named_shop: z.string().optional(),
});

function fromItem(item: unknown): PrivacyRequest {
  const { sk, received_at, shopify_id, data_request_id, named_shop, ...rest } = stored.parse(item);
  return {
    ...rest,
    id: sk,
    receivedAt: received_at,
    shopifyId: shopify_id,
    dataRequestId: data_request_id,
    namedShop: named_shop,
  };
}

/** @throws AppError `store_failed` from every function */
export function createPrivacyRequests(deps: ItemsDeps): PrivacyRequests {
  const items = createItems(deps);
  // Open requests have a partition of their own: it is read every few seconds, and receipts are kept for ever.
  const openKey = (shop: string, id: string) => ({ pk: `${shop}#privacy_request`, sk: id });
  const doneKey = (shop: string, id: string) => ({ pk: `${shop}#receipt`, sk: id });
  const toItem = ({ topic, receivedAt, deadline, shopifyId }: PrivacyRequest) => ({
    topic,
    received_at: receivedAt,
    deadline,
    shopify_id: shopifyId,
  });

  return {
    async record(shop, request) {
      const { id, email, dataRequestId: data_request_id, namedShop: named_shop } = request;
      const item = { ...openKey(shop, id), ...toItem(request), email, data_request_id, named_shop };
      await items.put(item, { text: 'attribute_not_exists(pk)' });
    },

    async done(shop, request, doneAt, outcome) {
      const { id } = request;
      const receipt = { ...doneKey(shop, id), ...toItem(request), done_at: doneAt, outcome };
      await items.put(receipt, { text: 'attribute_not_exists(pk)' });
      await items.remove(openKey(shop, id));
    },

    async open(shop) {
      const requests: PrivacyRequest[] = [];
      for await (const item of items.list(openKey(shop, '').pk)) requests.push(fromItem(item));
      return requests;
    },
  };
}
