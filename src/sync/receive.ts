import { z } from 'zod';
import { customerIdOf, fromWebhook } from '../customers/customer.ts';
import { AppError } from '../errors.ts';
import type { DeadLetters } from '../ledger/dead-letters.ts';
import type { Installs } from '../ledger/installs.ts';
import type { Merges } from '../ledger/merges.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Comply } from '../privacy/compliance.ts';
import { parseExact } from '../shopify/json.ts';
import type { Saved, Users } from '../users/store.ts';
import type { Background } from './background.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Nudges } from './nudges.ts';
import type { RefreshQueue } from './refresh-queue.ts';

/** An authentic delivery of Shopify's. */
interface Delivery {
  /** Normalised: see toShopDomain. */
  readonly shop: string;
  readonly topic: string;
  readonly webhookId: string;
  /** X-Shopify-Triggered-At: when what it tells happened. Not signed. */
  readonly triggeredAt: string | undefined;
  /** As received. */
  readonly bytes: Uint8Array;
  /** The same, by parseExact. */
  readonly body: unknown;
}

/**
 * `unhandled`: no topic of ours. `other_shop`: not the shop of a one-shop deployment. `uninstalled`: dropped, because
 * the shop has taken the app away; a shop never seen counts as one that has it. `asked`: Shopify will be asked.
 * `recorded`: a demand that somebody has to see to. `erased`: one that is done.
 */
type Received =
  Saved | 'asked' | 'erased' | 'recorded' | 'dead_letter' | 'unhandled' | 'other_shop' | 'uninstalled';

export interface ReceiveDeps {
  /** The one shop of the deployment; undefined if any shop may install. */
  readonly onlyShop: string | undefined;
  readonly usersOf: (shop: string) => Users;
  readonly installs: Installs;
  readonly lifecycle: Lifecycle;
  readonly refreshQueue: RefreshQueue;
  readonly background: Background;
  readonly merges: Merges;
  readonly comply: Comply;
  readonly nudges: Pick<Nudges, 'nudge'>;
  readonly deadLetters: DeadLetters;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * Resolves when the delivery's effect is durable, so that it may be acknowledged.
 * @throws AppError `store_failed`: Shopify must repeat the delivery
 */
export type Receive = (delivery: Delivery) => Promise<Received>;

const tagsChange = z.object({ customerId: z.string() });

interface Effect {
  readonly shopifyId?: string;
  readonly received: Received;
}

interface Handler {
  /** Only the topics of an installation itself count where the app is not installed. */
  readonly always?: boolean;
  handle(delivery: Delivery, deps: ReceiveDeps): Promise<Effect>;
}

const save: Handler = {
  async handle({ shop, body, triggeredAt }, { usersOf, refreshQueue }) {
    const customer = fromWebhook(body);
    const received = await usersOf(shop).save(customer);
    // A changed metafield may leave updated_at and the profile as they were: a duplicate asks too.
    // What was written now stands over an earlier snapshot, so that one is no reason not to ask.
    const knownSince = received === 'written' ? undefined : triggeredAt;
    if (received !== 'stale' && received !== 'deleted') refreshQueue.ask(shop, customer.id, knownSince);
    return { shopifyId: customer.id, received };
  },
};

/** Tags come as what was added or removed only: the snapshot says what there is. */
const askForTags: Handler = {
  async handle({ shop, body, triggeredAt }, { refreshQueue }) {
    const parsed = tagsChange.safeParse(body);
    if (!parsed.success) throw new AppError('webhook_unreadable', 'The tags belong to no customer');
    const shopifyId = customerIdOf({ admin_graphql_api_id: parsed.data.customerId });
    refreshQueue.ask(shop, shopifyId, triggeredAt);
    return { shopifyId, received: 'asked' };
  },
};

const mergePayload = z.object({
  status: z.string(),
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
});

/** The merged-away side becomes a tombstone. What it was may move to the kept one, which takes Shopify to be asked. */
const mergeCustomers: Handler = {
  async handle({ shop, body, triggeredAt }, { usersOf, merges, background, refreshQueue, now }) {
    const parsed = mergePayload.safeParse(body);
    if (!parsed.success) throw new AppError('webhook_unreadable', 'The merge names no two customers');
    if (parsed.data.status.toLowerCase() !== 'completed') return { received: 'unhandled' };
    const keptId = customerIdOf({ admin_graphql_api_id: parsed.data.admin_graphql_api_customer_kept_id });
    const deletedId = customerIdOf({
      admin_graphql_api_id: parsed.data.admin_graphql_api_customer_deleted_id,
    });
    const received = await usersOf(shop).tombstone(deletedId);
    const merge = { keptId, deletedId, toldAt: now().toISOString() };
    await merges.put(shop, merge);
    // Not waited for: it is noted, so that neither Shopify's silence nor a crash loses it.
    void background.merged(shop, merge);
    refreshQueue.ask(shop, keptId, received === 'written' ? undefined : triggeredAt);
    return { shopifyId: deletedId, received };
  },
};

const complyWith: Handler = {
  always: true,
  handle: (delivery, { comply }) => comply(delivery),
};

const askForPlans: Handler = {
  async handle({ shop }, { background }) {
    // Not waited for: reading and fanning out may take long, and every five minutes they are looked at anyway.
    void background.plansChanged(shop);
    return { received: 'asked' };
  },
};

const nudge: Handler = {
  async handle({ shop }, { nudges }) {
    // A hint only: the operation itself is asked.
    nudges.nudge(shop);
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
  handle: async ({ shop, triggeredAt }, { lifecycle }) => ({
    received: await lifecycle.uninstalled(shop, triggeredAt),
  }),
};

const updateScopes: Handler = {
  always: true,
  handle: async ({ shop, body }, { lifecycle }) => ({ received: await lifecycle.scopesUpdated(shop, body) }),
};

const handlers = new Map<string, Handler>([
  ['customers/create', save],
  ['customers/update', save],
  ['customers/enable', save],
  ['customers/disable', save],
  ['customers/delete', tombstone],
  ['customers/merge', mergeCustomers],
  ['customers/redact', complyWith],
  ['customers/data_request', complyWith],
  ['shop/redact', complyWith],
  ['customer.tags_added', askForTags],
  ['customer.tags_removed', askForTags],
  ['bulk_operations/finish', nudge],
  ['metaobjects/create', askForPlans],
  ['metaobjects/update', askForPlans],
  ['metaobjects/delete', askForPlans],
  ['app/uninstalled', uninstall],
  ['app/scopes_update', updateScopes],
]);

/** The topics that are handled; what else Shopify sends is answered and counted. */
export const topics: readonly string[] = [...handlers.keys()];

function isUnreadable(error: unknown): error is AppError {
  return (
    error instanceof AppError && (error.code === 'customer_unreadable' || error.code === 'webhook_unreadable')
  );
}

/**
 * Brings a dead letter in once more, after what made it unreadable was mended: undefined if there is none.
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

/** Brings webhooks into the users table. */
export function createReceive(deps: ReceiveDeps): Receive {
  const { onlyShop, installs, deadLetters, metrics, log } = deps;

  async function apply(delivery: Delivery): Promise<Effect> {
    const { shop, topic } = delivery;
    if (onlyShop !== undefined && shop !== onlyShop) return { received: 'other_shop' };
    const handler = handlers.get(topic);
    if (handler === undefined) return { received: 'unhandled' };
    if (handler.always !== true && (await installs.status(shop)) === 'uninstalled')
      return { received: 'uninstalled' };
    try {
      return await handler.handle(delivery, deps);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
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
