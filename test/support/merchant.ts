import assert from 'node:assert/strict';
import { toReserved } from '../../simulator/shop/definitions.ts';
import { aCustomer } from '../../simulator/shop/visit.ts';
import type { CustomerFields, Message, Shop } from '../../simulator/shop/shop.ts';
import { as } from './api.ts';
import { SHOP, type TestRollcall } from './rollcall.ts';

/** Opens the app's page once, so that the shop is installed and has a token. @param claims of the session token */
export async function openPage(program: TestRollcall, claims: object = {}): Promise<void> {
  const { status } = await as(program, SHOP, { claims: { ...claims } }).get('/api/admins');
  assert.equal(status, 200);
}

/** Creates a customer in the shop; resolves to the id. The webhook goes to those who listen. */
export function createCustomer(shop: Shop, fields: Partial<CustomerFields> = {}): string {
  const { body } = shop.create(aCustomer(fields));
  return /gid:\/\/shopify\/Customer\/(\d+)/.exec(body)?.[1] ?? '';
}

const keyOf = (id: string, key: string) => ({
  ownerId: `gid://shopify/Customer/${id}`,
  namespace: toReserved('$app'),
  key,
});

/** The webhook of a change; fails if nothing has changed. */
export function told(message: Message | undefined): Message {
  assert.ok(message !== undefined, 'Nothing has changed');
  return message;
}

export function setFlag(
  shop: Shop,
  id: string,
  key: 'is_admin' | 'is_featured_author',
  value: boolean,
): Message | undefined {
  return shop.saveMetafield({ ...keyOf(id, key), type: 'boolean', value: String(value) });
}

/** Makes a customer a member of a plan that the shop has, or of none. */
export function setPlan(shop: Shop, id: string, handle: string | undefined): Message | undefined {
  if (handle === undefined) return shop.removeMetafield(keyOf(id, 'membership_plan'));
  const plan = shop.metaobjects.byHandle(toReserved('$app:membership_plan'), handle);
  assert.ok(plan !== undefined, `The shop has no plan ${handle}`);
  const value = `gid://shopify/Metaobject/${plan.id}`;
  return shop.saveMetafield({ ...keyOf(id, 'membership_plan'), type: 'metaobject_reference', value });
}

export function savePlan(shop: Shop, handle: string, fields: Record<string, string>): Message {
  return shop.saveMetaobject({ type: '$app:membership_plan', handle, fields });
}

/**
 * Has every webhook of the shop delivered to the app, in order; the result waits for those so far.
 * @param isLost whether those of now never arrive
 */
export function deliverWebhooks(program: TestRollcall, isLost = () => false): () => Promise<void> {
  let delivered: Promise<unknown> = Promise.resolve();
  program.shops.shop(SHOP).shop.subscribe((message) => {
    if (isLost()) return;
    delivered = delivered.then(async () => assert.equal(await program.post(message), 200));
  });
  return async () => void (await delivered);
}
