import { toCustomerGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import { customerRoles, setMetafields } from '../../shopify/admin/queries.ts';
import type { User } from '../../users/item.ts';
import { refreshUntilSettled } from '../refresh/refresh-until-settled.ts';
import type { RefreshContext } from '../refresh/refresh.ts';
import { isSettled } from '../refresh/settled.ts';
import { isStale } from './metafield-errors.ts';
import { shopifyIdOf } from './shopify-id.ts';
import { withTimeout } from './with-timeout.ts';

export interface Roles {
  readonly is_admin?: boolean | undefined;
  readonly is_featured_author?: boolean | undefined;
}

/** One time limit for all that one call asks of Shopify. */
interface Options {
  readonly priority: 'interactive';
  readonly signal: AbortSignal;
}

const KEYS = ['is_admin', 'is_featured_author'] as const;

const notFound = () => new AppError('user_not_found', 'There is no such user');
const refused = () =>
  new AppError(
    'item_refused',
    'It is set in Shopify, but cannot be copied here: this person’s entry in your platform’s list is full or damaged',
  );

type RolesContext = Pick<RefreshContext, 'admin'>;

async function readRoles({ admin }: RolesContext, shop: string, id: string, options: Options) {
  const { customer } = await admin.query(shop, customerRoles, { id }, options);
  if (customer === null || customer === undefined)
    throw new AppError('user_not_in_shopify', 'Shopify has no such customer any more');
  return customer;
}

async function writeRoles(
  context: RolesContext,
  shop: string,
  id: string,
  roles: Roles,
  options: Options,
): Promise<void> {
  const current = await readRoles(context, shop, id, options);
  const metafields = KEYS.flatMap((key) => {
    const value = roles[key];
    if (value === undefined || (current[key]?.jsonValue ?? false) === value) return [];
    const compareDigest = current[key]?.compareDigest ?? null;
    return [{ ownerId: id, namespace: '$app', key, type: 'boolean', value: String(value), compareDigest }];
  });
  if (metafields.length === 0) return;
  const { metafieldsSet } = await context.admin.query(shop, setMetafields, { metafields }, options);
  const [error] = metafieldsSet?.userErrors ?? [];
  if (error === undefined) return;
  if (!isStale(error)) throw new AppError('roles_refused', `Shopify refuses: ${error.message}`);
  // Somebody else was first, or we were and the answer was lost.
  const now = await readRoles(context, shop, id, options);
  if (metafields.every(({ key, value }) => String(now[key]?.jsonValue) === value)) return;
  throw new AppError('roles_changed_meanwhile', 'Somebody else has just changed this person: look again');
}

/**
 * Sets roles where the truth is, in Shopify's metafields, then refreshes the user, within 10 s. Resolves to the user as
 * stored.
 * @throws AppError `user_not_found`, `user_not_in_shopify`, `roles_changed_meanwhile`, `roles_refused` with Shopify's
 * words, `item_refused` if DynamoDB does not take what Shopify now has, and those of Admin and refresh
 */
export async function setRoles(
  context: RefreshContext,
  shop: string,
  userId: string,
  roles: Roles,
): Promise<User> {
  const { attention, pendingRefreshes } = context.ledger;
  const users = context.usersOf(shop);
  const user = await users.getById(userId, true);
  if (user === undefined) throw notFound();
  const shopifyId = shopifyIdOf(user);
  await withTimeout(async (signal) => {
    const options: Options = { priority: 'interactive', signal };
    // Before Shopify has it: if this process or the time ends in between, reconciling fetches it.
    const version = await pendingRefreshes.record(shop, shopifyId, false);
    await writeRoles(context, shop, toCustomerGid(shopifyId), roles, options);
    // Setting is_admin resolves the pending `admin_merged` issue.
    if (roles.is_admin !== undefined) await attention.clear(shop, shopifyId, 'admin_merged');
    const result = (await refreshUntilSettled(context, shop, [shopifyId], options)).get(shopifyId);
    if (isSettled(result)) await pendingRefreshes.clear(shop, shopifyId, version);
    if (result === 'refused') throw refused();
  });
  const stored = await users.getById(userId, true);
  if (stored === undefined) throw notFound();
  return stored;
}
