import { toCustomerGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import type { AttentionNotes } from '../../ledger/attention.ts';
import type { Admin } from '../../shopify/admin/admin.ts';
import { customerRoles, setMetafields } from '../../shopify/admin/queries.ts';
import type { User } from '../../users/item.ts';
import type { Users } from '../../users/store.ts';
import { withTimeout } from './with-timeout.ts';
import type { Refresh } from '../refresh/refresh.ts';
import { shopifyIdOf } from './shopify-id.ts';

interface Roles {
  readonly is_admin?: boolean | undefined;
  readonly is_featured_author?: boolean | undefined;
}

/**
 * Sets flags where the truth is, in Shopify's metafields, then brings the user up to it, within 10 s. Resolves to the
 * user as stored.
 * @throws AppError `user_not_found`, `user_not_in_shopify`, `roles_changed_meanwhile`, `roles_refused` with Shopify's
 * words, `item_refused` if DynamoDB does not take what Shopify now has, and those of Admin and Refresh
 */
export type SetRoles = (shop: string, userId: string, flags: Roles) => Promise<User>;

export interface SetRolesDeps {
  readonly admin: Admin;
  readonly usersOf: (shop: string) => Users;
  readonly refresh: Refresh;
  readonly attention: AttentionNotes;
}

const KEYS = ['is_admin', 'is_featured_author'] as const;
const ATTEMPTS = 5;

/** One limit of time for all that one call asks of Shopify. */
interface Options {
  readonly priority: 'interactive';
  readonly signal: AbortSignal;
}

const notFound = () => new AppError('user_not_found', 'There is no such user');
const refused = () =>
  new AppError(
    'item_refused',
    'It is set in Shopify, but cannot be copied here: this person’s entry in your platform’s list is full or damaged',
  );

export function createSetRoles({ admin, usersOf, refresh, attention }: SetRolesDeps): SetRoles {
  async function readFlags(shop: string, id: string, options: Options) {
    const { customer } = await admin.query(shop, customerRoles, { id }, options);
    if (customer === null || customer === undefined)
      throw new AppError('user_not_in_shopify', 'Shopify has no such customer any more');
    return customer;
  }

  async function write(shop: string, id: string, flags: Roles, options: Options): Promise<void> {
    const current = await readFlags(shop, id, options);
    // Writing a metafield tells every subscriber, also if the value stood already: so compare first.
    const metafields = KEYS.flatMap((key) => {
      const value = flags[key];
      if (value === undefined || (current[key]?.jsonValue ?? false) === value) return [];
      const compareDigest = current[key]?.compareDigest ?? null;
      return [{ ownerId: id, namespace: '$app', key, type: 'boolean', value: String(value), compareDigest }];
    });
    if (metafields.length === 0) return;
    const { metafieldsSet } = await admin.query(shop, setMetafields, { metafields }, options);
    const [error] = metafieldsSet?.userErrors ?? [];
    if (error === undefined) return;
    if (error.code !== 'STALE_OBJECT')
      throw new AppError('roles_refused', `Shopify refuses: ${error.message}`);
    // Somebody else was first, or we were and the answer was lost.
    const now = await readFlags(shop, id, options);
    if (metafields.every(({ key, value }) => String(now[key]?.jsonValue) === value)) return;
    throw new AppError('roles_changed_meanwhile', 'Somebody else has just changed this person: look again');
  }

  return async function setFlags(shop, userId, flags) {
    const users = usersOf(shop);
    const user = await users.getById(userId, true);
    if (user === undefined) throw notFound();
    const shopifyId = shopifyIdOf(user);
    await withTimeout(async (signal) => {
      const options: Options = { priority: 'interactive', signal };
      await write(shop, toCustomerGid(shopifyId), flags, options);
      // Whether somebody into whom an admin was merged is to be one has been decided herewith.
      if (flags.is_admin !== undefined) await attention.clear(shop, shopifyId, 'admin_merged');
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const result = (await refresh(shop, [shopifyId], options)).get(shopifyId);
        if (result === 'refused') throw refused();
        if (result !== 'conflict' && result !== 'outdated') break;
      }
    });
    const stored = await users.getById(userId, true);
    if (stored === undefined) throw notFound();
    return stored;
  };
}
