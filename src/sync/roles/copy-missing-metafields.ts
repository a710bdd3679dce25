import { toCustomerGid } from '../../customers/customer-gid.ts';
import { hasTag } from '../../customers/tags.ts';
import { AppError } from '../../errors.ts';
import { keptCustomer, setMetafields } from '../../shopify/admin/queries.ts';
import type { RetainedRoles } from '../../users/tombstones.ts';
import type { SyncContext } from '../sync-context.ts';
import { isStale, toRefusal } from './refusals.ts';

type Context = Pick<SyncContext, 'admin' | 'rules'>;

const ATTEMPTS = 5;

/** The metafields to set; undefined: Shopify has no such customer. */
async function readMissing(
  { admin, rules }: Context,
  shop: string,
  shopifyId: string,
  { isFeaturedAuthor, planGid }: RetainedRoles,
  signal: AbortSignal,
) {
  const ownerId = toCustomerGid(shopifyId);
  const variables = { id: ownerId, plan: planGid ?? ownerId, asksPlan: planGid !== null };
  const options = { priority: 'background' as const, signal };
  const { customer, plan } = await admin.query(shop, keptCustomer, variables, options);
  if (customer === null || customer === undefined) return undefined;
  const tagged = rules.featuredAuthor !== undefined && hasTag(customer.tags, rules.featuredAuthor);
  const field = { ownerId, namespace: '$app', compareDigest: null };
  const author = { ...field, key: 'is_featured_author', type: 'boolean', value: 'true' };
  const member = { ...field, key: 'membership_plan', type: 'metaobject_reference', value: plan?.id ?? '' };
  return [
    ...(isFeaturedAuthor && !tagged && (customer.is_featured_author ?? null) === null ? [author] : []),
    ...(member.value !== '' && (customer.membership_plan ?? null) === null ? [member] : []),
  ];
}

/**
 * Sets the metafields of a role and a plan at Shopify where a customer has none of their own. May be repeated, and may
 * run at once with another one, Shopify itself or the merchant: who was first stands. False: Shopify has no such customer.
 * @throws AppError `roles_refused`, `permission_missing`, `roles_changed_meanwhile` and those of Admin
 */
export async function copyMissingMetafields(
  context: Context,
  shop: string,
  shopifyId: string,
  retained: RetainedRoles,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const metafields = await readMissing(context, shop, shopifyId, retained, signal);
    if (metafields === undefined) return false;
    if (metafields.length === 0) return true;
    const options = { priority: 'background' as const, signal };
    const { metafieldsSet } = await context.admin.query(shop, setMetafields, { metafields }, options);
    const [error] = metafieldsSet?.userErrors ?? [];
    if (error === undefined) return true;
    // Somebody else was first, so what they have set is read.
    if (!isStale(error)) throw toRefusal(error);
  }
  throw new AppError('roles_changed_meanwhile', 'The metafields of the kept customer change all the time');
}
