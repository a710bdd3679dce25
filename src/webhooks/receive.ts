import { AppError } from '../errors.ts';
import { parseExact } from '../shopify/json.ts';
import { handlers, type Delivery, type Handled } from './topics.ts';
import type { WebhookContext } from './webhook-context.ts';

/**
 * `unhandled`: no handler for the topic, or nothing to do. `other_shop`: not the shop of a one-shop deployment.
 * `uninstalled`: dropped, because the shop has uninstalled the app; an unknown shop counts as installed.
 */
export type Received = Handled | 'dead_letter' | 'other_shop' | 'uninstalled';

// Permanent: redelivery would fail the same way.
const PERMANENT: ReadonlySet<string> = new Set(['customer_unreadable', 'webhook_unreadable', 'item_refused']);

const isPermanent = (error: unknown): error is AppError =>
  error instanceof AppError && PERMANENT.has(error.code);

const isAboutCustomer = (topic: string) => topic.startsWith('customers/') || topic.startsWith('customer.');

async function apply(
  context: WebhookContext,
  delivery: Delivery,
): Promise<{ shopifyId?: string; received: Received }> {
  const { onlyShop, ledger } = context;
  const { shop, topic } = delivery;
  if (onlyShop !== undefined && shop !== onlyShop) return { received: 'other_shop' };
  const handler = handlers.get(topic);
  if (handler === undefined) return { received: 'unhandled' };
  if (handler.always !== true && (await ledger.installs.status(shop)) === 'uninstalled')
    return { received: 'uninstalled' };
  // Nobody waits for either: what a delivery is for is done below.
  if (isAboutCustomer(topic)) void context.recordLastChange(shop);
  void context.resumeStalled(shop);
  try {
    return await handler.handle(delivery, context);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    await ledger.deadLetters.put({ ...delivery, body: delivery.bytes, reason: error.message });
    return { received: 'dead_letter' };
  }
}

/**
 * Resolves once the delivery is durable: applied, or recorded in the ledger. The snapshot that follows a customer is
 * recorded by id unless the next reconcile finds it by its time, so that a process that is killed before it was fetched
 * loses nothing (docs/crash-safety.md).
 * @throws AppError `store_failed`: Shopify must repeat the delivery
 */
export async function receive(context: WebhookContext, delivery: Delivery): Promise<Received> {
  const { shopifyId, received } = await apply(context, delivery);
  const { shop, topic, webhookId } = delivery;
  context.metrics.webhooks.inc({ topic: handlers.has(topic) ? topic : 'other', outcome: received });
  context.log.info(
    { topic, shop, webhook_id: webhookId, shopify_id: shopifyId, received },
    'webhook received',
  );
  return received;
}

/**
 * Reprocesses a dead letter once its cause is fixed, and removes it on success. Undefined if there is none.
 * @throws AppError `store_failed`
 */
export async function retryDeadLetter(
  context: WebhookContext,
  shop: string,
  webhookId: string,
): Promise<Received | undefined> {
  const { deadLetters } = context.ledger;
  const deadLetter = await deadLetters.get(shop, webhookId);
  if (deadLetter === undefined) return undefined;
  const { topic, body: bytes } = deadLetter;
  const body = parseExact(Buffer.from(bytes).toString());
  const received = await receive(context, { shop, topic, webhookId, triggeredAt: undefined, bytes, body });
  if (received !== 'dead_letter') await deadLetters.remove(shop, webhookId);
  return received;
}
