import { AppError } from '../errors.ts';
import { OPERATOR } from '../ledger/dead-letters.ts';
import { customerIn } from './customer-in.ts';
import { handlePrivacyRequest, type PrivacyOutcome } from './handle-privacy-request.ts';
import {
  COMPLIANCE_TOPICS,
  isAboutCustomer,
  readDelivery,
  UNKNOWN_TOPIC,
  type Delivery,
} from './read-delivery.ts';
import { handlers, type Handled, type ShopDelivery } from './topics.ts';
import type { WebhookContext } from './webhook-context.ts';

/**
 * `unhandled`: no handler for the topic, or nothing to do. `other_shop`: not the shop of a one-shop deployment.
 * `not_installed`: dropped, because the shop never had the app; its first token makes a full sync due. `uninstalled`:
 * dropped, because the shop has uninstalled it. `unattributed`: no usable shop is named; kept for an operator.
 */
export type Received =
  Handled | PrivacyOutcome | 'dead_letter' | 'not_installed' | 'other_shop' | 'uninstalled';

interface Outcome {
  readonly shopifyId?: string | undefined;
  readonly received: Received;
  /** Why it is a dead letter. */
  readonly reason?: string;
}

// Permanent: redelivery would fail the same way.
const PERMANENT: ReadonlySet<string> = new Set(['customer_unreadable', 'webhook_unreadable', 'item_refused']);

const isPermanent = (error: unknown): error is AppError =>
  error instanceof AppError && PERMANENT.has(error.code);

/** What is wrong, in words without any value. */
function toReason({ body }: Delivery, { message, reason }: AppError): string {
  if (body === undefined) return 'The body is no JSON object';
  return reason === undefined ? message : `${message}. DynamoDB says: ${reason}`;
}

/** Keeps what cannot be processed, and asks Shopify for its customer: only the profile is unreadable, not who it is. */
async function keep(
  { ledger, refreshQueue }: WebhookContext,
  delivery: ShopDelivery,
  error: AppError,
): Promise<Outcome> {
  const { shop, topic, id, bytes, body } = delivery;
  const shopifyId = isAboutCustomer(topic) ? customerIn(body) : undefined;
  const isTold = shopifyId !== undefined && handlers.get(topic)?.isToldBySnapshot === true;
  // Where DynamoDB refuses the item, it refuses the snapshot too: that is a matter for a person.
  const awaitsSnapshot = isTold && error.code !== 'item_refused';
  const reason = toReason(delivery, error);
  await ledger.deadLetters.put({ shop, topic, id, body: bytes, reason, shopifyId }, awaitsSnapshot);
  // After the letter, which is removed with the pending refresh.
  if (isTold) await refreshQueue.askDurably(shop, shopifyId, awaitsSnapshot);
  return { shopifyId, received: 'dead_letter', reason };
}

/** Keeps what belongs to no shop. */
async function keepForOperator(
  { ledger, metrics }: WebhookContext,
  { topic, id, bytes, body }: Delivery,
): Promise<Outcome> {
  const shopifyId = isAboutCustomer(topic) ? customerIn(body) : undefined;
  const reason = 'Neither X-Shopify-Shop-Domain nor the body names a usable shop';
  await ledger.deadLetters.put({ shop: OPERATOR, topic, id, body: bytes, reason, shopifyId });
  metrics.unattributed.inc();
  return { shopifyId, received: 'unattributed', reason };
}

/** Why a delivery is dropped; undefined: it is not. */
async function whyDropped(
  { onlyShop, ledger }: WebhookContext,
  { shop, topic }: ShopDelivery,
): Promise<Received | undefined> {
  if (onlyShop !== undefined && shop !== onlyShop) return 'other_shop';
  const handler = handlers.get(topic);
  if (handler === undefined && topic !== UNKNOWN_TOPIC) return 'unhandled';
  const status = await ledger.installs.status(shop);
  if (status === 'unknown' && shop !== onlyShop) return 'not_installed';
  if (status === 'uninstalled' && handler?.afterUninstall !== true) return 'uninstalled';
  return undefined;
}

async function apply(context: WebhookContext, delivery: Delivery): Promise<Outcome> {
  const { shop, topic } = delivery;
  if (COMPLIANCE_TOPICS.has(topic)) return handlePrivacyRequest(context, delivery);
  if (shop === undefined) return keepForOperator(context, delivery);
  const shopDelivery = { ...delivery, shop };
  const dropped = await whyDropped(context, shopDelivery);
  if (dropped !== undefined) return { received: dropped };
  // Nobody waits for either: what a delivery is for is done below.
  if (isAboutCustomer(topic)) void context.recordLastChange(shop);
  void context.resumeStalled(shop);
  try {
    const handler = handlers.get(topic);
    if (handler === undefined) throw new AppError('webhook_unreadable', 'X-Shopify-Topic is missing');
    return await handler.handle(shopDelivery, context);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return keep(context, shopDelivery, error);
  }
}

/**
 * Resolves once the delivery is durable: applied, or recorded in the ledger. The snapshot that follows a customer is
 * recorded by id unless the next reconcile finds it by its time, so that a process that is killed before it was fetched
 * loses nothing (docs/crash-safety.md).
 * @throws AppError `store_failed`: Shopify must repeat the delivery
 */
export async function receive(context: WebhookContext, delivery: Delivery): Promise<Received> {
  const { shopifyId, received, reason } = await apply(context, delivery);
  const { topic, id } = delivery;
  const isPrivacyRequest = COMPLIANCE_TOPICS.has(topic);
  const shop = isPrivacyRequest ? (delivery.signedShop ?? delivery.shop) : delivery.shop;
  const isKnown = handlers.has(topic) || isPrivacyRequest;
  context.metrics.webhooks.inc({ topic: isKnown ? topic : 'other', outcome: received });
  context.log.info(
    { topic, shop, delivery_id: id, shopify_id: shopifyId, received, reason },
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
  id: string,
): Promise<Received | undefined> {
  const { deadLetters } = context.ledger;
  const deadLetter = await deadLetters.get(shop, id);
  if (deadLetter === undefined) return undefined;
  const { topic, body } = deadLetter;
  const received = await receive(context, { ...readDelivery(body, () => undefined), shop, topic, id });
  if (received !== 'dead_letter') await deadLetters.remove(shop, id);
  return received;
}
