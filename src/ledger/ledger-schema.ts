import type { TableDefinition } from '../tables/definition.ts';

/** The app's own table; docs/data-model.md lists its items. Every `pk` begins with the shop, except `installs`. */
export const ledgerTable = {
  name: 'rollcall',
  hash: 'pk',
  range: 'sk',
  ttl: 'expires_at',
  serverActions: ['BatchGetItem', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  operatorActions: [],
  indexes: [],
} as const satisfies TableDefinition;
