import { z } from 'zod';
import { customerIdOf, fromWebhook } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import type { Saved } from '../users/saved.ts';
import { recordScopes, recordUninstalled } from './app-lifecycle.ts';
import type { Delivery } from './read-delivery.ts';
import { requestNow } from '../sync/jobs/request-now.ts';
import { toAsk } from './to-ask.ts';
import type { WebhookContext } from './webhook-context.ts';

/** A delivery that belongs to a shop. */
export interface ShopDelivery extends Delivery {
  readonly shop: string;
}

/**
 * `asked`: a query to Shopify follows. `unhandled`: nothing to do.
 */
export type Handled = Saved | 'asked' | 'unhandled';

/** The outcome of a delivery, and its customer. */
interface Effect {
  readonly shopifyId?: string;
  readonly received: Handled;
}

interface Handler {
  /** Handled also for a shop that has uninstalled the app. */
  readonly afterUninstall?: boolean;
  /** Whether the customer's snapshot tells all that a delivery does. */
  readonly isToldBySnapshot?: boolean;
  handle(delivery: ShopDelivery, context: WebhookContext): Promise<Effect>;
}

const tagsChange = z.object({ customerId: z.string() });

const save: Handler = {
  isToldBySnapshot: true,
  async handle({ shop, body, triggeredAt, isDamaged }, { usersOf, refreshQueue }) {
    if (isDamaged) throw new AppError('customer_unreadable', 'The body is no UTF-8');
    const customer = fromWebhook(body);
    const change = await usersOf(shop).save(customer);
    const ask = toAsk(change, customer, triggeredAt);
    if (ask === 'durable') await refreshQueue.askDurably(shop, customer.id);
    else if (ask === 'plain') refreshQueue.ask(shop, customer.id);
    return { shopifyId: customer.id, received: change.saved };
  },
};

/** The payload has only the added or removed tags: the snapshot has all. */
const askForTags: Handler = {
  async handle({ shop, body }, { refreshQueue }) {
    const parsed = tagsChange.safeParse(body);
    if (!parsed.success) throw new AppError('webhook_unreadable', 'The tags belong to no customer');
    const shopifyId = customerIdOf({ admin_graphql_api_id: parsed.data.customerId });
    // Nothing else follows from it, so nothing but this note keeps it once it is acknowledged.
    await refreshQueue.askDurably(shop, shopifyId);
    return { shopifyId, received: 'asked' };
  },
};

const mergePayload = z.object({
  status: z.string(),
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
});

/** Makes the deleted customer a tombstone. The transfer of its roles and plan needs Shopify and runs in the background. */
const mergeCustomers: Handler = {
  async handle({ shop, body }, context) {
    const { usersOf, ledger, refreshQueue, now } = context;
    const parsed = mergePayload.safeParse(body);
    if (!parsed.success) throw new AppError('webhook_unreadable', 'The merge names no two customers');
    if (parsed.data.status.toLowerCase() !== 'completed') return { received: 'unhandled' };
    const keptId = customerIdOf({ admin_graphql_api_id: parsed.data.admin_graphql_api_customer_kept_id });
    const deletedId = customerIdOf({
      admin_graphql_api_id: parsed.data.admin_graphql_api_customer_deleted_id,
    });
    const received = await usersOf(shop).tombstone(deletedId);
    const merge = { keptId, deletedId, toldAt: now().toISOString() };
    await ledger.merges.put(shop, merge);
    await requestNow(context, shop, 'merges');
    // Whether a merge moves the time of the one who is kept is unknown.
    await refreshQueue.askDurably(shop, keptId);
    return { shopifyId: deletedId, received };
  },
};

const askForPlans: Handler = {
  async handle({ shop }, context) {
    await requestNow(context, shop, 'plans');
    return { received: 'asked' };
  },
};

const notifyBulkFinished: Handler = {
  async handle({ shop }, { bulkFinished }) {
    // A hint only: the reader polls the operation itself.
    bulkFinished.notify(shop);
    return { received: 'asked' };
  },
};

const tombstone: Handler = {
  async handle({ shop, body }, { usersOf }) {
    const shopifyId = customerIdOf(body);
    return { shopifyId, received: await usersOf(shop).tombstone(shopifyId) };
  },
};

const uninstall: Handler = {
  afterUninstall: true,
  handle: async ({ shop, triggeredAt }, context) => ({
    received: await recordUninstalled(context, shop, triggeredAt),
  }),
};

const updateScopes: Handler = {
  afterUninstall: true,
  handle: async ({ shop, body }, context) => ({ received: await recordScopes(context, shop, body) }),
};

/** The handler of each topic. Privacy requests have their own; other topics are acknowledged and counted. */
export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['customers/create', save],
  ['customers/update', save],
  ['customers/enable', save],
  ['customers/disable', save],
  ['customers/delete', tombstone],
  ['customers/merge', mergeCustomers],
  ['customer.tags_added', askForTags],
  ['customer.tags_removed', askForTags],
  ['bulk_operations/finish', notifyBulkFinished],
  ['metaobjects/create', askForPlans],
  ['metaobjects/update', askForPlans],
  ['metaobjects/delete', askForPlans],
  ['app/uninstalled', uninstall],
  ['app/scopes_update', updateScopes],
]);
