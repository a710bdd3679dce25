import { toCustomerGid } from '../../customers/customer-gid.ts';
import { sourcesOf, type Source } from '../../customers/field-sources.ts';
import { readSnapshot } from '../../customers/snapshot.ts';
import { isLeftOut, spoiltAt, withSpoilt } from '../../customers/spoilt.ts';
import { AppError } from '../../errors.ts';
import { customerSources } from '../../shopify/admin/queries.ts';
import { readShopEntitlements } from '../shop-entitlements.ts';
import type { SyncContext } from '../sync-context.ts';
import { namingPermissions } from './refusals.ts';
import { shopifyIdOf } from './shopify-id.ts';
import { withTimeout } from './with-timeout.ts';

interface DatedSource {
  readonly source: Source;
  /** UTC ISO 8601; null: Shopify does not say, as of tags. */
  readonly changed_at: string | null;
}

export interface RoleSources {
  readonly is_admin: DatedSource;
  readonly is_featured_author: DatedSource;
  readonly membership: DatedSource;
}

type Field = { readonly updatedAt: string } | null;

function toDated(source: Source, field: Field): DatedSource {
  const isDated = source === 'metafield' && field !== null;
  return { source, changed_at: isDated ? new Date(field.updatedAt).toISOString() : null };
}

const untold = () => new AppError('admin_api_unavailable', 'Shopify does not tell now where this comes from');

async function readCustomer({ admin }: Pick<SyncContext, 'admin'>, shop: string, shopifyId: string) {
  const { data, spoilt } = await namingPermissions(() =>
    withTimeout((signal) =>
      admin.read(
        shop,
        customerSources,
        { id: toCustomerGid(shopifyId) },
        { priority: 'interactive', signal },
      ),
    ),
  );
  const { customer } = data;
  const ofCustomer = spoiltAt(spoilt, ['customer']);
  if (customer !== null) return { customer, node: withSpoilt(customer, ofCustomer) };
  if (isLeftOut(ofCustomer)) throw untold();
  throw new AppError('user_not_in_shopify', 'Shopify has no such customer any more');
}

/**
 * Asks Shopify where a user's roles and membership come from, and when they were written last. The tables know the
 * values only.
 * @throws AppError `user_not_found`, `user_not_in_shopify`, `permission_missing`, and those of Admin
 */
export async function readRoleSources(
  context: Pick<SyncContext, 'admin' | 'usersOf' | 'ledger' | 'rules'>,
  shop: string,
  userId: string,
): Promise<RoleSources> {
  const user = await context.usersOf(shop).getById(userId);
  if (user === undefined) throw new AppError('user_not_found', 'There is no such user');
  const { customer, node } = await readCustomer(context, shop, shopifyIdOf(user));
  const snapshot = readSnapshot(node);
  if (snapshot === 'unanswered') throw untold();
  if (typeof snapshot === 'string')
    throw new AppError('admin_api_refused', 'What Shopify says of this customer cannot be read');
  const entitlementsOf = await readShopEntitlements(context, shop);
  const { isAdmin, isFeaturedAuthor, plan } = snapshot;
  if (isAdmin === undefined || isFeaturedAuthor === undefined || plan === undefined) throw untold();
  const sources = sourcesOf(snapshot, entitlementsOf(snapshot));
  return {
    is_admin: toDated(sources.is_admin, customer.is_admin),
    is_featured_author: toDated(sources.is_featured_author, customer.is_featured_author),
    membership: toDated(sources.membership, customer.membership_plan),
  };
}
