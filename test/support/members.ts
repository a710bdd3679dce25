import { toGid } from '../../simulator/webhooks/payloads.ts';
import { metafieldType, toReserved } from '../../simulator/shop/definitions.ts';
import type { Shop } from '../../simulator/shop/shop.ts';
import { aCustomer } from '../../simulator/shop/visit.ts';

/** Creates customers with both roles and the plan `gold` in a shop. @returns their gids */
export function createMembers(shop: Shop, count: number): string[] {
  const fields = { name: 'Gold', tier: '3', price: '9.50', currency: 'EUR', interval: 'month' };
  shop.saveMetaobject({ type: '$app:membership_plan', handle: 'gold', fields });
  const [plan = ''] = shop.metaobjects.all.keys();
  const values = { is_admin: 'true', is_featured_author: 'true', membership_plan: toGid('Metaobject', plan) };
  return Array.from({ length: count }, (_, n) => {
    shop.create(aCustomer({ firstName: `Ada${n}`, email: `ada${n}@example.com` }));
    const ownerId = toGid('Customer', [...shop.customers.keys()].at(-1) ?? '');
    for (const [key, value] of Object.entries(values)) {
      const namespace = toReserved('$app');
      const type = metafieldType(shop.definitions, namespace, key) ?? '';
      shop.saveMetafield({ ownerId, namespace, key, type, value });
    }
    return ownerId;
  });
}
