import type { TableDefinition } from '../tables/definition.ts';

/** The app's own table. The first part of every `pk` is the shop. */
export const ledgerTable = {
  name: 'rollcall',
  hash: 'pk',
  range: 'sk',
  ttl: 'expires_at',
  serverActions: ['DescribeTable', 'GetItem', 'PutItem'],
  operatorActions: [],
  indexes: [],
} as const satisfies TableDefinition;
