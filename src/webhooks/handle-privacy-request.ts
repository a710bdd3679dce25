import { z } from 'zod';
import { OPERATOR } from '../ledger/dead-letters.ts';
import { customerIn } from './customer-in.ts';
import type { Delivery } from './read-delivery.ts';
import type { WebhookContext } from './webhook-context.ts';

type PrivacyContext = Pick<WebhookContext, 'usersOf' | 'ledger' | 'metrics' | 'now' | 'onlyShop'>;

/**
 * `recorded`: stored for a person to fulfil. `erased`: fulfilled at once. `nothing_held`: there is nothing of that shop.
 * `unattributed`: stored for an operator, because no shop of this deployment is named.
 */
export type PrivacyOutcome = 'erased' | 'nothing_held' | 'recorded' | 'unattributed';

const DAYS = 30;

const about = z.object({
  customer: z.object({ email: z.string().max(1024).optional().catch(undefined) }).catch({}),
  data_request: z
    .object({ id: z.union([z.string().max(128), z.int().transform(String)]) })
    .optional()
    .catch(undefined),
});

async function isNothingHeld({ usersOf, ledger }: PrivacyContext, shop: string): Promise<boolean> {
  if ((await ledger.installs.status(shop)) !== 'unknown') return false;
  for await (const page of usersOf(shop).shopifyIds()) if (page.length > 0) return false;
  return true;
}

/**
 * A privacy request belongs to the shop of its signed body, whatever the headers say. Erases the customer of a
 * `customers/redact` with an id at once; a request to a shop of which nothing is held gets a receipt at once. Any other is
 * stored with its deadline and listed under "needs attention"; one that names no shop of this deployment is an operator's.
 * Of the body only ids and an e-mail are stored; of one that cannot be read, the operator gets the whole as a dead letter.
 * @throws AppError `store_failed`
 */
export async function handlePrivacyRequest(
  context: PrivacyContext,
  { shop, signedShop, topic, id, body, bytes, isDamaged }: Delivery,
): Promise<{ shopifyId?: string | undefined; received: PrivacyOutcome }> {
  const { usersOf, metrics, now, onlyShop } = context;
  const { deadLetters, privacyRequests } = context.ledger;
  if (signedShop !== undefined && signedShop !== shop) metrics.shopDisagreements.inc();
  const customer = z.object({ customer: z.unknown() }).safeParse(body).data?.customer;
  const shopifyId = customerIn(customer);
  const time = now();
  const receivedAt = time.toISOString();
  const deadline = new Date(time.getTime() + DAYS * 86_400_000).toISOString();
  const request = { topic, id, receivedAt, deadline, shopifyId };
  // Not the whole body: its list of orders may exceed an item, and Rollcall stores no orders.
  const details = about.safeParse(body).data;
  const email = isDamaged ? undefined : details?.customer.email;
  const open = { ...request, email, dataRequestId: details?.data_request?.id };

  if (signedShop === undefined || (onlyShop !== undefined && signedShop !== onlyShop)) {
    metrics.unattributed.inc();
    if (body === undefined || signedShop === undefined) {
      const reason = 'A privacy request whose body names no usable shop';
      await deadLetters.put({ shop: OPERATOR, topic, id, body: bytes, reason, shopifyId });
    }
    await privacyRequests.record(OPERATOR, { ...open, namedShop: signedShop ?? shop });
    return { shopifyId, received: 'unattributed' };
  }
  if (signedShop !== onlyShop && (await isNothingHeld(context, signedShop))) {
    await privacyRequests.done(signedShop, request, receivedAt, 'nothing_held');
    return { shopifyId, received: 'nothing_held' };
  }
  if (topic !== 'customers/redact' || shopifyId === undefined) {
    await privacyRequests.record(signedShop, open);
    return { shopifyId, received: 'recorded' };
  }
  await usersOf(signedShop).redact(shopifyId);
  await privacyRequests.done(signedShop, request, now().toISOString());
  return { shopifyId, received: 'erased' };
}
