import { z } from 'zod';
import { customerIdOf } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import { toShopDomain } from '../shop-domain.ts';
import type { WebhookContext } from './webhook-context.ts';

/** A delivery of one of Shopify's compliance topics. */
interface PrivacyDelivery {
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  readonly body: unknown;
}

const DAYS = 30;

const shopOf = z.object({ shop_domain: z.string() });
const about = z.object({
  customer: z.object({ email: z.string().max(1024).optional().catch(undefined) }).catch({}),
  data_request: z
    .object({ id: z.union([z.string().max(128), z.int().transform(String)]) })
    .optional()
    .catch(undefined),
});

/** The id of the customer in a privacy request. Undefined if it cannot be used: then an operator handles the request. */
function customerIn(body: unknown): string | undefined {
  const customer = z.object({ customer: z.unknown() }).safeParse(body).data?.customer;
  try {
    return customerIdOf(customer);
  } catch (error) {
    if (error instanceof AppError && error.code === 'customer_unreadable') return undefined;
    throw error;
  }
}

/**
 * Erases the customer of a `customers/redact` with an id at once. Any other privacy request is stored for an operator, with
 * its deadline, and listed under "needs attention". Of the body only ids and an e-mail are stored.
 * @throws AppError `webhook_unreadable` if the body is another shop's, `store_failed`
 */
export async function handlePrivacyRequest(
  { usersOf, ledger: { privacyRequests }, now }: Pick<WebhookContext, 'usersOf' | 'ledger' | 'now'>,
  { shop, topic, webhookId, body }: PrivacyDelivery,
): Promise<{ shopifyId?: string; received: 'recorded' | 'erased' }> {
  // The HMAC covers only the body, so the shop must not come from a header alone.
  const named = shopOf.safeParse(body).data?.shop_domain;
  if (named === undefined || toShopDomain(named) !== shop)
    throw new AppError('webhook_unreadable', 'shop_domain in the body is not the shop of the header');
  const shopifyId = customerIn(body);
  const time = now();
  const receivedAt = time.toISOString();
  const deadline = new Date(time.getTime() + DAYS * 86_400_000).toISOString();
  const request = { topic, webhookId, receivedAt, deadline, shopifyId };
  if (topic !== 'customers/redact' || shopifyId === undefined) {
    // Not the whole body: its list of orders may exceed an item, and Rollcall stores no orders.
    const { customer, data_request } = about.safeParse(body).data ?? {};
    const [email, dataRequestId] = [customer?.email, data_request?.id];
    await privacyRequests.record(shop, { ...request, email, dataRequestId });
    return { ...(shopifyId !== undefined && { shopifyId }), received: 'recorded' };
  }
  await usersOf(shop).redact(shopifyId);
  await privacyRequests.done(shop, request, now().toISOString());
  return { shopifyId, received: 'erased' };
}
