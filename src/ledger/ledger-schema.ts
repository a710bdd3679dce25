import type { TableDefinition } from '../tables/definition.ts';

/** The app's own table; docs/data-model.md lists its items. Every `pk` begins with the shop, or `operator` for what names none, except `installs`. */
export const ledgerTable = {
  name: 'rollcall',
  hash: 'pk',
  range: 'sk',
  ttl: 'expires_at',
  serverActions: ['BatchGetItem', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  operatorActions: [],
  indexes: [
    // Jobs by the time at which they are due; only those that are due some time are in it.
    { name: 'due_queue-due_at-index', hash: 'due_queue', range: 'due_at', projection: 'KEYS_ONLY' },
  ],
} as const satisfies TableDefinition;
