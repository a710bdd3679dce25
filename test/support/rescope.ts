import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createMissingTable } from '../../src/tables/ensure-table.ts';
import { rescope, type RescopeCounts, type RescopeOrder } from '../../src/users/rescope.ts';
import { usersTable } from '../../src/users/users-schema.ts';
import { aPrefix } from './tables.ts';
import type { Engine } from './engine.ts';
import { SHOP } from './rollcall.ts';

export type Item = Record<string, unknown> & { readonly user_id: string };

export const created_at = '2020-01-01T00:00:00.000Z';

/** Everybody whom a rescope may meet, as a deployment for one shop has them. */
export const people: readonly Item[] = [
  { user_id: 'all', shop: SHOP, created_at, is_active: 'true', is_admin: 'true', is_featured_author: 'true' },
  { user_id: 'member', shop: SHOP, created_at, is_active: 'true', membership_id: 'gold', points: 7 },
  { user_id: 'false', shop: SHOP, created_at, is_active: 'false', is_admin: 'false', revision: 4 },
  { user_id: 'plain', shop: SHOP, created_at },
  { user_id: 'old admin', created_at, is_admin: 'true', is_active: 'false' },
  { user_id: 'old author', created_at, is_featured_author: 'true', membership_id: 'silver' },
  { user_id: 'old nobody', created_at, is_admin: 'false', is_featured_author: 'false' },
  { user_id: 'old member', created_at, membership_id: 'gold' },
];

/** A users table of the test's own, with these rows. */
export async function aTable(engine: Engine, rows: readonly Item[]) {
  const documents = DynamoDBDocumentClient.from(engine.client);
  const prefix = aPrefix();
  const table = `${prefix}users`;
  await createMissingTable({ client: engine.client, prefix }, usersTable);
  const put = (row: Item) => documents.send(new PutCommand({ TableName: table, Item: row }));
  for (const row of rows) await put(row);

  async function item(userId: string): Promise<Record<string, unknown>> {
    const command = new GetCommand({ TableName: table, Key: { user_id: userId }, ConsistentRead: true });
    return (await documents.send(command)).Item ?? {};
  }
  return {
    prefix,
    put,
    item,
    items: () => Promise.all(rows.map(({ user_id }) => item(user_id))),
    run: (to: 'many' | 'one', rest: Partial<RescopeOrder> = {}): Promise<RescopeCounts> => {
      const order = { shop: SHOP, to, dryRun: false, memberships: [], ...rest };
      return rescope({ client: documents, table, print: () => undefined }, order);
    },
    countUnder: async (attribute: string, value: string): Promise<number | undefined> => {
      const IndexName = usersTable.indexes.find(({ hash }) => hash === attribute)?.name;
      const values = { ':value': value };
      const KeyConditionExpression = `${attribute} = :value`;
      const query = {
        TableName: table,
        IndexName,
        KeyConditionExpression,
        ExpressionAttributeValues: values,
      };
      return (await documents.send(new QueryCommand(query))).Count;
    },
  };
}
