import type { TableDefinition } from '../tables/definition.ts';

/** The app's own table. The first part of a `pk` is the shop, but for the list of installs. */
export const ledgerTable = {
  name: 'rollcall',
  hash: 'pk',
  range: 'sk',
  ttl: 'expires_at',
  serverActions: ['BatchGetItem', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  operatorActions: [],
  indexes: [],
} as const satisfies TableDefinition;
