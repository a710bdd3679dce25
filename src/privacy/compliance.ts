import { z } from 'zod';
import { customerIdOf } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import type { Receipts } from '../ledger/receipts.ts';
import { toShopDomain } from '../shopify/shop-domain.ts';
import type { Users } from '../users/store.ts';

/** A delivery of one of Shopify's compliance topics. */
interface Demand {
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  readonly bytes: Uint8Array;
  readonly body: unknown;
}

/**
 * Records a demand with its deadline, and erases at once whom `customers/redact` names by id. What is not done stands
 * under "needs attention" until somebody sees to it.
 * @throws AppError `webhook_unreadable` if the body is another shop's, `store_failed`
 */
export type Comply = (demand: Demand) => Promise<{ shopifyId?: string; received: 'recorded' | 'erased' }>;

export interface ComplyDeps {
  readonly receipts: Receipts;
  readonly usersOf: (shop: string) => Users;
  readonly now: () => Date;
}

const DAYS = 30;

const shopOf = z.object({ shop_domain: z.string() });
const customerOf = z.object({ customer: z.object({ id: z.unknown() }) });

function customerIn(body: unknown): string | undefined {
  const parsed = customerOf.safeParse(body);
  if (!parsed.success || parsed.data.customer.id === undefined) return undefined;
  return customerIdOf(parsed.data.customer);
}

export function createComply({ receipts, usersOf, now }: ComplyDeps): Comply {
  return async function comply({ shop, topic, webhookId, bytes, body }) {
    // The signature covers the body only: whose data it is about must not depend on a header alone.
    const named = shopOf.safeParse(body).data?.shop_domain;
    if (named === undefined || toShopDomain(named) !== shop)
      throw new AppError('webhook_unreadable', 'shop_domain in the body is not the shop of the header');
    const shopifyId = customerIn(body);
    const time = now();
    const receivedAt = time.toISOString();
    const deadline = new Date(time.getTime() + DAYS * 86_400_000).toISOString();
    const receipt = { topic, webhookId, receivedAt, deadline };
    if (topic !== 'customers/redact' || shopifyId === undefined) {
      await receipts.put(shop, { ...receipt, body: Buffer.from(bytes).toString() });
      return { ...(shopifyId !== undefined && { shopifyId }), received: 'recorded' };
    }
    await usersOf(shop).redact(shopifyId);
    await receipts.put(shop, { ...receipt, doneAt: now().toISOString() });
    return { shopifyId, received: 'erased' };
  };
}
