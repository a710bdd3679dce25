import { resolveEntitlements, type TagRules } from '../../customers/entitlements.ts';
import { sourcesOf, type Source, type Sources } from '../../customers/field-sources.ts';
import { AppError } from '../../errors.ts';
import { currentPlans, type Plans } from '../../ledger/plans.ts';
import type { Admin } from '../../shopify/admin/admin.ts';
import { customerSources } from '../../shopify/admin/queries.ts';
import type { Users } from '../../users/store.ts';
import { withTimeout } from './with-timeout.ts';
import { toSnapshot } from '../refresh/refresh.ts';
import { shopifyIdOf } from './shopify-id.ts';

interface DatedSource {
  readonly source: Source;
  /** UTC ISO 8601; null: Shopify does not say, as of tags. */
  readonly changed_at: string | null;
}

/**
 * Asks Shopify where a user's flags and membership come from, and when they were written last. The tables know the
 * values only.
 * @throws AppError `user_not_found`, `user_not_in_shopify`, and those of Admin
 */
export type ReadSources = (
  shop: string,
  userId: string,
) => Promise<Readonly<Record<keyof Sources, DatedSource>>>;

export interface ReadSourcesDeps {
  readonly admin: Admin;
  readonly usersOf: (shop: string) => Users;
  readonly plans: Plans;
  readonly rules: TagRules;
}

type Field = { readonly updatedAt: string } | null;

function toDated(source: Source, field: Field): DatedSource {
  const isDated = source === 'metafield' && field !== null;
  return { source, changed_at: isDated ? new Date(field.updatedAt).toISOString() : null };
}

export function createReadSources({ admin, usersOf, plans, rules }: ReadSourcesDeps): ReadSources {
  async function readCustomer(shop: string, id: string) {
    const { customer } = await withTimeout((signal) =>
      admin.query(shop, customerSources, { id }, { priority: 'interactive', signal }),
    );
    if (customer !== null) return customer;
    throw new AppError('user_not_in_shopify', 'Shopify has no such customer any more');
  }

  return async function readOrigins(shop, userId) {
    const user = await usersOf(shop).getById(userId);
    if (user === undefined) throw new AppError('user_not_found', 'There is no such user');
    const customer = await readCustomer(shop, `gid://shopify/Customer/${shopifyIdOf(user)}`);
    const snapshot = toSnapshot(customer);
    if (snapshot === 'unreadable')
      throw new AppError('admin_api_refused', 'What Shopify says of this customer cannot be read');
    const known = currentPlans(await plans.all(shop));
    const sources = sourcesOf(snapshot, resolveEntitlements(snapshot, known, rules));
    return {
      is_admin: toDated(sources.is_admin, customer.is_admin),
      is_featured_author: toDated(sources.is_featured_author, customer.is_featured_author),
      membership: toDated(sources.membership, customer.membership_plan),
    };
  };
}
