import type { TableDefinition } from '../tables/definition.ts';

/**
 * The users table. Other programs of the platform use these names: they are a contract. Index keys are strings, so a flag
 * is `'true'` or absent; item.ts has the form of the values.
 */
export const usersTable = {
  name: 'users',
  hash: 'user_id',
  ttl: 'expires_at',
  serverActions: ['BatchGetItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
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

type IndexName = (typeof usersTable.indexes)[number]['name'];

/** The lists, newest first, and the index that serves each. */
export const lists = {
  created: { index: 'shop-created_at-index', asks: 'users created between two instants' },
  active: { index: 'active-created_at-index', asks: 'active users' },
  admin: { index: 'admin-created_at-index', asks: 'admins, optionally created after an instant' },
  featured_author: {
    index: 'featured_author-created_at-index',
    asks: 'featured authors, optionally created after an instant',
  },
  membership: { index: 'membership-created_at-index', asks: 'users in a membership' },
} as const satisfies Record<string, { index: IndexName; asks: string }>;
