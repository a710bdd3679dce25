import { z } from 'zod';
import { profileShape, type ProfileAttributes } from '../customers/fields.ts';

/** A user of the users table, in code and in JSON answers. */
export interface User extends ProfileAttributes {
  readonly user_id: string;
  readonly shop: string;
  readonly shopify_id: string | null;
  readonly created_at: string | null;
  readonly shopify_updated_at: string | null;
  readonly is_active: boolean;
  readonly is_admin: boolean;
  readonly is_featured_author: boolean;
  readonly membership_id: string | null;
  readonly membership: Readonly<Record<string, unknown>> | null;
  /** Increased by every write of Rollcall; 0 for a row that only other programs wrote. */
  readonly revision: number;
}

/** The shop whose rows a store sees, and the form of its index keys. */
export interface Scope {
  readonly shop: string;
  /** True: literal values such as `'true'`. False: values carry the shop. */
  readonly oneShop: boolean;
}

/** The value of an index key, a flag's `'true'` or a plan's handle, in the scope's form. */
export function toScoped({ shop, oneShop }: Scope, value: string): string {
  return oneShop ? value : `${shop}#${value}`;
}

/** The reverse of toScoped; undefined for another shop's value. */
export function fromScoped({ shop, oneShop }: Scope, value: string): string | undefined {
  if (oneShop) return value;
  return value.startsWith(`${shop}#`) ? value.slice(shop.length + 1) : undefined;
}

// Other programs write to the same rows: an attribute of an unexpected type reads as absent.
const text = z.string().nullable().catch(null);
const boolean = z.boolean().nullable().catch(null);
const flag = z.string().catch('false');

const stored = z.object({
  user_id: z.string(),
  shop: z.string().optional(),
  shopify_id: text,
  ...profileShape('attribute', { text, state: text, boolean }),
  created_at: text,
  shopify_updated_at: text,
  is_active: flag,
  is_admin: flag,
  is_featured_author: flag,
  membership_id: text,
  membership: z.record(z.string(), z.unknown()).nullable().catch(null),
  revision: z.number().catch(0),
  deleted_at: z.string().optional(),
  redacted_at: z.string().optional(),
});

/**
 * An item of the users table as a User, or undefined if it is a tombstone or not this shop's. In a one-shop
 * deployment a row without `shop`, written by an older program, is that shop's.
 */
export function toUser(scope: Scope, item: Readonly<Record<string, unknown>>): User | undefined {
  const parsed = stored.safeParse(item);
  if (!parsed.success) return undefined;
  const { deleted_at, redacted_at, shop, ...user } = parsed.data;
  if (deleted_at !== undefined || redacted_at !== undefined) return undefined;
  if (shop !== scope.shop && !(scope.oneShop && shop === undefined)) return undefined;
  const isTrue = (value: string) => fromScoped(scope, value) === 'true';
  return {
    ...user,
    shop: scope.shop,
    is_active: isTrue(user.is_active),
    is_admin: isTrue(user.is_admin),
    is_featured_author: isTrue(user.is_featured_author),
    membership_id: user.membership_id === null ? null : (fromScoped(scope, user.membership_id) ?? null),
  };
}
