import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** A demand of the law that Shopify has delivered. Instants are UTC ISO 8601. */
interface PrivacyRequest {
  /** `customers/redact` and the like. */
  readonly topic: string;
  /** Shopify's id of the delivery: the same delivery once more is the same demand. */
  readonly webhookId: string;
  readonly receivedAt: string;
  /** By when it has to be done: 30 days. */
  readonly deadline: string;
  /** Whom it is about; undefined: the whole shop, or somebody whom only an e-mail names. */
  readonly shopifyId?: string | undefined;
  /** Kept only as long as the demand is open. */
  readonly email?: string | undefined;
  /** Shopify's id of the question, for a `customers/data_request`. */
  readonly dataRequestId?: string | undefined;
}

/** The demands of all shops. Those that are done outlive what they are about, to be carried out again after a restore. */
export interface PrivacyRequests {
  /** Records what somebody has to see to. Repeated, it changes nothing, so that the deadline stands. */
  record(shop: string, demand: PrivacyRequest): Promise<void>;
  /** Records what has been done, with the id of the person and nothing else of them. */
  done(shop: string, demand: PrivacyRequest, doneAt: string): Promise<void>;
  /** What is not done yet. */
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
  // Apart from what is done, which is kept for ever: the state of a shop is read every few seconds.
  const openKey = (shop: string, webhookId: string) => ({ pk: `${shop}#demand`, sk: webhookId });
  const doneKey = (shop: string, webhookId: string) => ({ pk: `${shop}#receipt`, sk: webhookId });
  const toItem = ({ topic, receivedAt, deadline, shopifyId }: PrivacyRequest) => ({
    topic,
    received_at: receivedAt,
    deadline,
    shopify_id: shopifyId,
  });

  return {
    async record(shop, demand) {
      const { webhookId, email, dataRequestId: data_request_id } = demand;
      const item = { ...openKey(shop, webhookId), ...toItem(demand), email, data_request_id };
      await items.put(item, { text: 'attribute_not_exists(pk)' });
    },

    async done(shop, demand, doneAt) {
      const { webhookId } = demand;
      await items.put({ ...doneKey(shop, webhookId), ...toItem(demand), done_at: doneAt });
      await items.remove(openKey(shop, webhookId));
    },

    async open(shop) {
      const demands: PrivacyRequest[] = [];
      for await (const item of items.list(openKey(shop, '').pk)) demands.push(fromItem(item));
      return demands;
    },
  };
}
