import { toReserved } from '../simulator/shop/definitions.ts';
import type { Shop } from '../simulator/shop/shop.ts';
import { toPerson } from './people.ts';

const PLANS = [
  { handle: 'basic', name: 'Basic', tier: '1', price: '0.0', benefits: ['Free courses'] },
  { handle: 'silver', name: 'Silver', tier: '2', price: '12.0', benefits: ['All courses'] },
  { handle: 'gold', name: 'Gold', tier: '3', price: '29.0', benefits: ['All courses', 'Office hours'] },
] as const;

/** The shop's membership plans. */
function savePlans(shop: Shop): readonly string[] {
  for (const { handle, benefits, ...fields } of PLANS)
    shop.saveMetaobject({
      type: '$app:membership_plan',
      handle,
      fields: { ...fields, currency: 'EUR', interval: 'month', benefits: JSON.stringify(benefits) },
    });
  const type = toReserved('$app:membership_plan');
  return PLANS.map(({ handle }) => `gid://shopify/Metaobject/${shop.metaobjects.byHandle(type, handle)?.id}`);
}

/**
 * Everybody who was a customer before the app came: two of three with a plan, every 41st a featured author, every 797th
 * an admin. Nobody tells the app of them; only a full sync brings them in.
 */
export function createEarlierCustomers(shop: Shop, customers: number): void {
  const plans = savePlans(shop);
  for (let n = 0; n < customers; n += 1) {
    const { admin_graphql_api_id: ownerId } = JSON.parse(shop.create(toPerson(n)).body);
    const save = (key: string, type: string, value: string) =>
      shop.saveMetafield({ ownerId, namespace: toReserved('$app'), key, type, value });
    const plan = plans[n % 7 === 0 ? 2 : n % 3];
    if (n % 3 !== 2 && plan !== undefined) save('membership_plan', 'metaobject_reference', plan);
    if (n % 41 === 0) save('is_featured_author', 'boolean', 'true');
    if (n % 797 === 0) save('is_admin', 'boolean', 'true');
  }
}
