import { toGid } from '../../simulator/webhooks/payloads.ts';
import type { Shop } from '../../simulator/shop/shop.ts';
import { createCustomer, savePlan, setFlag, setPlan } from './merchant.ts';

const FLAGS = ['is_admin', 'is_featured_author'] as const;

const create = (shop: Shop, n: number) =>
  createCustomer(shop, { firstName: `Ada${n}`, email: `ada${n}@example.com` });

/** Customers of whom some have flags and some the plan `gold`, which the shop must have. @returns their ids */
export function createPeople(shop: Shop, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const id = create(shop, n);
    if (n % 3 === 0) setFlag(shop, id, 'is_admin', true);
    if (n % 4 === 0) setFlag(shop, id, 'is_featured_author', true);
    if (n % 5 === 0) setPlan(shop, id, 'gold');
    return id;
  });
}

/** Customers who have all flags and the plan `gold`, which comes with them. @returns their gids */
export function createMembers(shop: Shop, count: number): string[] {
  savePlan(shop, 'gold', { name: 'Gold', tier: '3', price: '9.50', currency: 'EUR', interval: 'month' });
  return Array.from({ length: count }, (_, n) => {
    const id = create(shop, n);
    for (const key of FLAGS) setFlag(shop, id, key, true);
    setPlan(shop, id, 'gold');
    return toGid('Customer', id);
  });
}
