import { z } from 'zod';
import { customerIdOf, fromWebhook } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import type { Saved } from '../users/saved.ts';
import { recordScopes, recordUninstalled } from './app-lifecycle.ts';
import { handlePrivacyRequest } from './handle-privacy-request.ts';
import type { WebhookContext } from './webhook-context.ts';

/** A verified delivery. */
export interface Delivery {
  /** Normalised by toShopDomain. */
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  /** X-Shopify-Triggered-At: the time of the change. Not covered by the HMAC. */
  readonly triggeredAt: string | undefined;
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
    const received = await usersOf(shop).save(customer);
    // A duplicate asks for a refresh too: a changed metafield may leave updated_at and the profile as they were. After a
    // write, an earlier snapshot does not make the refresh unnecessary.
    const knownSince = received === 'written' ? undefined : triggeredAt;
    if (received !== 'stale' && received !== 'deleted') refreshQueue.ask(shop, customer.id, knownSince);
    return { shopifyId: customer.id, received };
  },
};

/** The payload has only the added or removed tags: the snapshot has all. */
const askForTags: Handler = {
  async handle({ shop, body, triggeredAt }, { refreshQueue }) {
    const parsed = tagsChange.safeParse(body);
    if (!parsed.success) throw new AppError('webhook_unreadable', 'The tags belong to no customer');
    const shopifyId = customerIdOf({ admin_graphql_api_id: parsed.data.customerId });
    // The delivery has no other effect, so the refresh must be recorded before it is acknowledged.
    await refreshQueue.askDurably(shop, shopifyId, triggeredAt);
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
  async handle({ shop, body, triggeredAt }, { usersOf, ledger, scheduler, refreshQueue, now }) {
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
    // Runs in the background: the merge is stored, so neither an outage of Shopify nor a crash loses it.
    void scheduler.merged(shop, merge);
    refreshQueue.ask(shop, keptId, received === 'written' ? undefined : triggeredAt);
    return { shopifyId: deletedId, received };
  },
};

const privacyRequest: Handler = {
  always: true,
  handle: (delivery, context) => handlePrivacyRequest(context, delivery),
};

const askForPlans: Handler = {
  async handle({ shop }, { scheduler }) {
    // Runs in the background: a fan-out may take long, and the scheduler reads the plans every five minutes anyway.
    void scheduler.plansChanged(shop);
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
