import type { Message, Shop } from '../simulator/shop/shop.ts';
import { toPerson } from './people.ts';

/**
 * The webhooks of new customers as Shopify might deliver them: half of the customers change afterwards, every seventh
 * webhook arrives twice, and every fifth arrives late.
 */
export function createTraffic(shop: Shop, customers: number): Message[] {
  const inTime: Message[] = [];
  const earlier = shop.customers.size;
  for (let n = 0; n < customers; n += 1) {
    inTime.push(shop.create(toPerson(earlier + n)));
    const ids = [...shop.customers.keys()].slice(earlier);
    if (n % 2 === 1) inTime.push(changeSomebody(shop, ids[(n * 7) % ids.length] ?? '', n));
  }
  const repeated = inTime.flatMap((message, n) => (n % 7 === 3 ? [message, message] : [message]));
  const late = repeated.filter((_message, n) => n % 5 === 2);
  return [...repeated.filter((_message, n) => n % 5 !== 2), ...late.toReversed()];
}

/** Changes a customer; returns the webhook. */
export function changeSomebody(shop: Shop, id: string, n: number): Message {
  return shop.update(id, { lastName: `Changed ${n}`, state: n % 3 === 0 ? 'disabled' : 'enabled' });
}
