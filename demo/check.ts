import type { User } from '../src/users/item.ts';
import type { Users } from '../src/users/store.ts';
import type { Shop } from '../simulator/shop/shop.ts';
import { print } from './print.ts';

function toLine(user: User): string {
  const { user_id, shopify_id, first_name, last_name, email, shopify_state, is_active } = user;
  const name = [first_name, last_name].filter(Boolean).join(' ') || '(no name)';
  return `  ${user_id} · shopify_id ${shopify_id} · ${name} · ${email ?? '(no e-mail)'} · ${shopify_state}${is_active ? ', active' : ''}`;
}

/** Checks the users of some customers against the shop. */
export async function checkUsers(shop: Shop, ids: readonly string[], users: Users): Promise<void> {
  for (const id of ids) {
    const customer = shop.customers.get(id);
    const user = await users.getById(`${shop.domain}#${id}`);
    const same =
      customer !== undefined &&
      user?.email === customer.email &&
      user.first_name === customer.firstName &&
      user.last_name === customer.lastName &&
      user.shopify_state === customer.state &&
      user.is_active === (customer.state === 'enabled') &&
      user.shopify_updated_at === customer.updatedAt.toISOString();
    if (!same) throw new Error(`User ${shop.domain}#${id} is not what the shop says`);
  }
  print(`Read back ${ids.length} users: all are what the shop says. A few of them:`);
  for (const [n, id] of ids.slice(0, 6).entries()) {
    const user = n < 3 ? await users.getById(`${shop.domain}#${id}`) : await users.getByShopifyId(id);
    if (user === undefined) throw new Error(`No user is found by shopify_id ${id}`);
    print(toLine(user));
  }
}
