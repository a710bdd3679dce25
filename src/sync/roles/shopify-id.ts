import { AppError } from '../../errors.ts';
import type { User } from '../../users/item.ts';
import { toShopifyId } from '../../users/user-id.ts';

/**
 * The id of the customer that a user is.
 * @throws AppError `user_not_in_shopify`: the user is the platform's alone
 */
export function shopifyIdOf({ shop, user_id: userId, shopify_id: shopifyId }: User): string {
  if (shopifyId !== null && toShopifyId(shop, userId) === shopifyId) return shopifyId;
  throw new AppError(
    'user_not_in_shopify',
    'This user is no customer of the shop, so Shopify keeps no flags',
  );
}
