import type { Scope } from './item.ts';

const prefixOf = (shop: string) => `${shop}#`;

/** The user_id of a customer. Deterministic, so two deliveries in a race make one user. */
export async function userIdOf({ shop }: Pick<Scope, 'shop'>, shopifyId: string): Promise<string> {
  return prefixOf(shop) + shopifyId;
}

/** The customer's id in the user_id of who was born in Shopify; undefined for another shop's and the platform's own. */
export function toShopifyId(shop: string, userId: string): string | undefined {
  const prefix = prefixOf(shop);
  return userId.startsWith(prefix) ? userId.slice(prefix.length) : undefined;
}
