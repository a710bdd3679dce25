import { AppError } from '../errors.ts';
import type { DeadLetters } from '../ledger/dead-letters.ts';
import type { Installs } from '../ledger/installs.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { parseExact } from '../shopify/json.ts';
import { handlers, type Delivery, type Handled, type TopicDeps } from './topics.ts';

/**
 * `unhandled`: no topic of ours, or nothing follows from it. `other_shop`: not the shop of a one-shop deployment.
 * `uninstalled`: dropped, because the shop has taken the app away; a shop never seen counts as one that has it.
 */
type Received = Handled | 'dead_letter' | 'other_shop' | 'uninstalled';

export interface ReceiveDeps extends TopicDeps {
  /** The one shop of the deployment; undefined if any shop may install. */
  readonly onlyShop: string | undefined;
  readonly installs: Installs;
  readonly deadLetters: DeadLetters;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Resolves when the delivery may be acknowledged: what it says is in the users table, or that Shopify has to be asked
 * stands in the ledger. The snapshot that follows a written customer is noted only if it fails or is dropped: a process
 * that is killed before it was fetched loses that, and a comparison finds it.
 * @throws AppError `store_failed`: Shopify must repeat the delivery
 */
export type Receive = (delivery: Delivery) => Promise<Received>;

// To repeat any of these brings the same again.
const HOPELESS: ReadonlySet<string> = new Set(['customer_unreadable', 'webhook_unreadable', 'item_refused']);

const isHopeless = (error: unknown): error is AppError =>
  error instanceof AppError && HOPELESS.has(error.code);

/** Brings webhooks into the users table. */
export function createReceive(deps: ReceiveDeps): Receive {
  const { onlyShop, installs, deadLetters, metrics, log } = deps;

  async function apply(delivery: Delivery): Promise<{ shopifyId?: string; received: Received }> {
    const { shop, topic } = delivery;
    if (onlyShop !== undefined && shop !== onlyShop) return { received: 'other_shop' };
    const handler = handlers.get(topic);
    if (handler === undefined) return { received: 'unhandled' };
    if (handler.always !== true && (await installs.status(shop)) === 'uninstalled')
      return { received: 'uninstalled' };
    try {
      return await handler.handle(delivery, deps);
    } catch (error) {
      if (!isHopeless(error)) throw error;
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

/**
 * Brings a dead letter in once more, after what made it unreadable, or its user refuse it, was repaired: undefined if there is none.
 * @throws AppError `store_failed`
 */
export type Retry = (shop: string, webhookId: string) => Promise<Received | undefined>;

export function createRetry(receive: Receive, deadLetters: DeadLetters): Retry {
  return async function retry(shop, webhookId) {
    const letter = await deadLetters.get(shop, webhookId);
    if (letter === undefined) return undefined;
    const bytes = letter.body;
    const body = parseExact(Buffer.from(bytes).toString());
    const { topic } = letter;
    const received = await receive({ shop, topic, webhookId, triggeredAt: undefined, bytes, body });
    if (received !== 'dead_letter') await deadLetters.remove(shop, webhookId);
    return received;
  };
}
