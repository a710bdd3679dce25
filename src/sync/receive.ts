import { customerIdOf, fromWebhook } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import type { DeadLetters } from '../ledger/dead-letters.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Saved, Users } from '../users/store.ts';

/** An authentic delivery of Shopify's. */
interface Delivery {
  /** Normalised: see toShopDomain. */
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  /** As received. */
  readonly bytes: Uint8Array;
  /** The same, by parseExact. */
  readonly body: unknown;
}

/** `unhandled`: no topic of ours. `other_shop`: not the shop of a one-shop deployment. */
type Received = Saved | 'dead_letter' | 'unhandled' | 'other_shop';

export interface ReceiveDeps {
  /** The one shop of the deployment; undefined if any shop may install. */
  readonly onlyShop: string | undefined;
  readonly usersOf: (shop: string) => Users;
  readonly deadLetters: DeadLetters;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Resolves when the delivery's effect is durable, so that it may be acknowledged.
 * @throws AppError `store_failed`: Shopify must repeat the delivery
 */
export type Receive = (delivery: Delivery) => Promise<Received>;

interface Effect {
  readonly shopifyId: string;
  readonly received: Received;
}

type Handle = (users: Users, body: unknown) => Promise<Effect>;

const save: Handle = async (users, body) => {
  const customer = fromWebhook(body);
  return { shopifyId: customer.id, received: await users.save(customer) };
};

const remove: Handle = async (users, body) => {
  const shopifyId = customerIdOf(body);
  return { shopifyId, received: await users.tombstone(shopifyId) };
};

const handlers = new Map<string, Handle>([
  ['customers/create', save],
  ['customers/update', save],
  ['customers/enable', save],
  ['customers/disable', save],
  ['customers/delete', remove],
]);

/** The topics that are handled; what else Shopify sends is answered and counted. */
export const topics: readonly string[] = [...handlers.keys()];

/** Brings webhooks into the users table. */
export function createReceive({ onlyShop, usersOf, deadLetters, metrics, log }: ReceiveDeps): Receive {
  async function apply(delivery: Delivery): Promise<Partial<Effect> & Pick<Effect, 'received'>> {
    const { shop, topic, body } = delivery;
    if (onlyShop !== undefined && shop !== onlyShop) return { received: 'other_shop' };
    const handle = handlers.get(topic);
    if (handle === undefined) return { received: 'unhandled' };
    try {
      return await handle(usersOf(shop), body);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'customer_unreadable') throw error;
      await deadLetters.put({ ...delivery, body: delivery.bytes, reason: error.message });
      return { received: 'dead_letter' };
    }
  }

  return async function receive(delivery) {
    const { shopifyId, received } = await apply(delivery);
    const { shop, topic, webhookId } = delivery;
    metrics.webhooks.inc({ topic: handlers.has(topic) ? topic : 'other', outcome: received });
    log.info({ topic, shop, webhook_id: webhookId, shopify_id: shopifyId, received }, 'webhook received');
    return received;
  };
}
