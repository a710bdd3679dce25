import { z } from 'zod';
import { customerIdOf, fromWebhook } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import type { Saved } from '../users/saved.ts';
import { recordScopes, recordUninstalled } from './app-lifecycle.ts';
import { handlePrivacyRequest } from './handle-privacy-request.ts';
import { requestNow } from '../sync/jobs/request-now.ts';
import { toAsk } from './to-ask.ts';
import type { WebhookContext } from './webhook-context.ts';

/** A verified delivery. */
export interface Delivery {
  /** Normalised by toShopDomain. */
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  /** X-Shopify-Triggered-At: the time of the change. Not covered by the HMAC. */
  readonly triggeredAt: string | undefined;
  /** X-Shopify-API-Version. Not covered by the HMAC. */
  readonly apiVersion?: string | undefined;
  /** The raw body. */
  readonly bytes: Uint8Array;
  /** The body, parsed by parseExact. */
  readonly body: unknown;
}

/**
 * `asked`: a query to Shopify follows. `recorded`: privacy request stored for an operator. `erased`: fulfilled at once.
 * `unhandled`: nothing to do.
 */
export type Handled = Saved | 'asked' | 'erased' | 'recorded' | 'unhandled';

/** The outcome of a delivery, and its customer. */
interface Effect {
  readonly shopifyId?: string;
  readonly received: Handled;
}

interface Handler {
  /** Handled even if the app is not installed. */
  readonly always?: boolean;
  handle(delivery: Delivery, context: WebhookContext): Promise<Effect>;
}

const tagsChange = z.object({ customerId: z.string() });

const save: Handler = {
  async handle({ shop, body, triggeredAt }, { usersOf, refreshQueue }) {
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

const privacyRequest: Handler = {
  always: true,
  handle: (delivery, context) => handlePrivacyRequest(context, delivery),
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
  always: true,
  handle: async ({ shop, triggeredAt }, context) => ({
    received: await recordUninstalled(context, shop, triggeredAt),
  }),
};

const updateScopes: Handler = {
  always: true,
  handle: async ({ shop, body }, context) => ({ received: await recordScopes(context, shop, body) }),
};

/** The handler of each topic. Other topics are acknowledged and counted. */
export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['customers/create', save],
  ['customers/update', save],
  ['customers/enable', save],
  ['customers/disable', save],
  ['customers/delete', tombstone],
  ['customers/merge', mergeCustomers],
  ['customers/redact', privacyRequest],
  ['customers/data_request', privacyRequest],
  ['shop/redact', privacyRequest],
  ['customer.tags_added', askForTags],
  ['customer.tags_removed', askForTags],
  ['bulk_operations/finish', notifyBulkFinished],
  ['metaobjects/create', askForPlans],
  ['metaobjects/update', askForPlans],
  ['metaobjects/delete', askForPlans],
  ['app/uninstalled', uninstall],
  ['app/scopes_update', updateScopes],
]);
