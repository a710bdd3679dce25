import { readFileSync } from 'node:fs';
import type { Message } from '../../simulator/shop/shop.ts';

/** Shopify's documented sample payload of a topic, exactly as published. */
export function aFixture(topic: string): Message {
  const file = new URL(`../fixtures/${topic.replace('/', '__')}.json`, import.meta.url);
  return { topic, body: readFileSync(file, 'utf8') };
}

export const BOB_ID = '706405506930370084';

/** A customers payload with Bob's values where none are given; `undefined` leaves a field out. */
export function aCustomerUpdate(fields: Record<string, unknown> = {}): Message {
  const id = typeof fields['id'] === 'string' ? fields['id'] : BOB_ID;
  const body = JSON.stringify({
    created_at: '2021-12-31T19:00:00-05:00',
    updated_at: '2021-12-31T19:00:00-05:00',
    first_name: 'Bob',
    last_name: 'Biller',
    state: 'enabled',
    verified_email: true,
    email: 'bob@biller.com',
    ...fields,
    admin_graphql_api_id: `gid://shopify/Customer/${id}`,
    id: '#',
  });
  return { topic: 'customers/update', body: body.replace('"#"', id) };
}
