import type { Scope } from './item.ts';

const prefixOf = (shop: string) => `${shop}#`;

/** The user_id of a customer. Deterministic, so that concurrent deliveries create one user. */
export async function userIdOf({ shop }: Pick<Scope, 'shop'>, shopifyId: string): Promise<string> {
  return prefixOf(shop) + shopifyId;
}

/** The customer's id in a user_id; undefined for another shop's user and for users that exist only on the platform. */
export function toShopifyId(shop: string, userId: string): string | undefined {
  const prefix = prefixOf(shop);
  return userId.startsWith(prefix) ? userId.slice(prefix.length) : undefined;
}
