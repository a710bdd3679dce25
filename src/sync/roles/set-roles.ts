import { toCustomerGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import { customerRoles, setMetafields } from '../../shopify/admin/queries.ts';
import type { User } from '../../users/item.ts';
import { refreshUntilSettled } from '../refresh/refresh-until-settled.ts';
import type { RefreshContext } from '../refresh/refresh.ts';
import { isSettled } from '../refresh/settled.ts';
import type { SyncContext } from '../sync-context.ts';
import { isStale, namingPermissions, toRefusal } from './refusals.ts';
import { shopifyIdOf } from './shopify-id.ts';
import { withTimeout } from './with-timeout.ts';

export interface Roles {
  readonly is_admin?: boolean | undefined;
  readonly is_featured_author?: boolean | undefined;
}

/** The user as stored, after Shopify took the roles. */
export interface RolesSet {
  readonly user: User;
  /** Whether the user does not have the roles yet: the next reconcile brings them. */
  readonly isPending: boolean;
}

type Context = RefreshContext & Pick<SyncContext, 'log'>;

/** One time limit for all that one call asks of Shopify. */
interface Options {
  readonly priority: 'interactive';
  readonly signal: AbortSignal;
}

const KEYS = ['is_admin', 'is_featured_author'] as const;

/** What no reconcile puts right. */
const FINAL: ReadonlySet<string> = new Set(['item_refused', 'user_not_in_shopify', 'user_not_found']);

const notFound = () => new AppError('user_not_found', 'There is no such user');
const refused = () =>
  new AppError(
    'item_refused',
    'It is set in Shopify, but cannot be copied here: this person’s entry in your platform’s list is full or damaged',
  );

const notInShopify = () => new AppError('user_not_in_shopify', 'Shopify has no such customer any more');
const unconfirmed = (cause: unknown) =>
  new AppError(
    'roles_unconfirmed',
    'Shopify did not say whether it took the change: it may be saved, and then arrives here by itself',
    { cause },
  );

type RolesContext = Pick<RefreshContext, 'admin'>;

async function readRoles({ admin }: RolesContext, shop: string, id: string, options: Options) {
  const { customer } = await admin.query(shop, customerRoles, { id }, options);
  if (customer === null || customer === undefined) throw notInShopify();
  return customer;
}

interface RoleMetafield {
  readonly ownerId: string;
  readonly namespace: string;
  readonly key: (typeof KEYS)[number];
  readonly type: string;
  readonly value: string;
  readonly compareDigest: string | null;
}

/** Whether Shopify has them, as it may where somebody else was first, or the answer to us was lost. */
async function areSet(
  context: RolesContext,
  shop: string,
  id: string,
  metafields: readonly RoleMetafield[],
  options: Options,
): Promise<boolean> {
  const now = await readRoles(context, shop, id, options);
  return metafields.every(({ key, value }) => String(now[key]?.jsonValue) === value);
}

async function trySet(
  context: RolesContext,
  shop: string,
  id: string,
  metafields: readonly RoleMetafield[],
  options: Options,
) {
  try {
    const { metafieldsSet } = await context.admin.query(shop, setMetafields, { metafields }, options);
    return metafieldsSet?.userErrors[0];
  } catch (error) {
    if (error instanceof AppError && error.code !== 'admin_api_unavailable') throw error;
    if (await areSet(context, shop, id, metafields, options).catch(() => false)) return undefined;
    throw unconfirmed(error);
  }
}

/** Resolves when Shopify has the roles. */
async function writeRoles(
  context: RolesContext,
  shop: string,
  id: string,
  roles: Roles,
  options: Options,
): Promise<void> {
  const current = await readRoles(context, shop, id, options);
  const metafields = KEYS.flatMap((key): RoleMetafield[] => {
    const value = roles[key];
    if (value === undefined || (current[key]?.jsonValue ?? false) === value) return [];
    const compareDigest = current[key]?.compareDigest ?? null;
    return [{ ownerId: id, namespace: '$app', key, type: 'boolean', value: String(value), compareDigest }];
  });
  if (metafields.length === 0) return;
  const error = await trySet(context, shop, id, metafields, options);
  if (error === undefined) return;
  if (!isStale(error)) throw toRefusal(error);
  if (await areSet(context, shop, id, metafields, options)) return;
  throw new AppError('roles_changed_meanwhile', 'Somebody else has just changed this person: look again');
}

const holds = (user: User, roles: Roles) =>
  KEYS.every((key) => roles[key] === undefined || user[key] === roles[key]);

/** Brings here what Shopify has. Rejects only if it can never come; otherwise the customer stays recorded as pending. */
async function bringHere(
  context: Context,
  shop: string,
  { user, shopifyId, roles }: { user: User; shopifyId: string; roles: Roles },
  version: string,
  options: Options,
): Promise<RolesSet> {
  const { attention, pendingRefreshes } = context.ledger;
  const users = context.usersOf(shop);
  try {
    const result = (await refreshUntilSettled(context, shop, [shopifyId], options)).get(shopifyId);
    if (result === 'refused') throw refused();
    if (result === 'gone') throw notInShopify();
    const stored = await users.getById(user.user_id, true);
    if (stored === undefined) throw notFound();
    // Shopify may have answered from an older state: then it is asked again.
    if (!holds(stored, roles)) return { user: stored, isPending: true };
    // Setting is_admin resolves the pending `admin_merged` issue.
    if (roles.is_admin !== undefined) await attention.clear(shop, shopifyId, 'admin_merged');
    if (isSettled(result)) await pendingRefreshes.clear(shop, shopifyId, version);
    return { user: stored, isPending: false };
  } catch (error) {
    if (error instanceof AppError && FINAL.has(error.code)) throw error;
    context.log.error({ err: error, shop, shopify_id: shopifyId }, 'roles set at Shopify, not yet here');
    const stored = (await users.getById(user.user_id, true).catch(() => undefined)) ?? user;
    return { user: stored, isPending: !holds(stored, roles) };
  }
}

/**
 * Sets roles where the truth is, in Shopify's metafields, then refreshes the user, within 10 s. An error says that Shopify
 * did not take them, but `item_refused` and `roles_unconfirmed`.
 * @throws AppError `user_not_found`, `user_not_in_shopify`, `roles_changed_meanwhile`, `roles_refused`,
 * `permission_missing`, `roles_unconfirmed` if Shopify did not say whether it took them, `item_refused` if DynamoDB does
 * not take what Shopify now has, `store_failed`, and those of Admin
 */
export async function setRoles(
  context: Context,
  shop: string,
  userId: string,
  roles: Roles,
): Promise<RolesSet> {
  const user = await context.usersOf(shop).getById(userId, true);
  if (user === undefined) throw notFound();
  const shopifyId = shopifyIdOf(user);
  return withTimeout(async (signal) => {
    const options: Options = { priority: 'interactive', signal };
    // Before Shopify has it: if this process, the time or DynamoDB ends in between, reconciling fetches it.
    const version = await context.ledger.pendingRefreshes.record(shop, shopifyId, false);
    await namingPermissions(() => writeRoles(context, shop, toCustomerGid(shopifyId), roles, options));
    return bringHere(context, shop, { user, shopifyId, roles }, version, options);
  });
}
