import type { TableDefinition } from '../tables/definition.ts';

/**
 * The users table. The platform's other programs read it by these names: they are a contract. Keys of indexes
 * are strings, so a flag is `'true'` or absent; what an index's value looks like is item.ts' subject.
 */
export const usersTable = {
  name: 'users',
  hash: 'user_id',
  ttl: 'expires_at',
  serverActions: ['DescribeTable', 'GetItem', 'Query', 'UpdateItem'],
  operatorActions: ['GetItem', 'Query', 'UpdateItem'],
  indexes: [
    { name: 'shopify_id-index', hash: 'shopify_id', projection: 'ALL' },
    { name: 'shop-created_at-index', hash: 'shop', range: 'created_at', projection: 'KEYS_ONLY' },
    { name: 'active-created_at-index', hash: 'is_active', range: 'created_at', projection: 'KEYS_ONLY' },
    { name: 'admin-created_at-index', hash: 'is_admin', range: 'created_at', projection: 'ALL' },
    {
      name: 'featured_author-created_at-index',
      hash: 'is_featured_author',
      range: 'created_at',
      projection: 'ALL',
    },
    {
      name: 'membership-created_at-index',
      hash: 'membership_id',
      range: 'created_at',
      projection: 'KEYS_ONLY',
    },
  ],
} as const satisfies TableDefinition;
