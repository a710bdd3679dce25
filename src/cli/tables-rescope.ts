import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { checkTable } from '../tables/ensure-table.ts';
import { rescope } from '../users/rescope.ts';
import { usersTable } from '../users/users-schema.ts';
import { print, printAside, printJson } from './print.ts';
import { withTables } from './with-tables.ts';

export interface RescopeOptions {
  readonly shop: string;
  readonly to: 'many' | 'one';
  readonly membership?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Rewrites the index keys of a shop's people and prints the counts.
 * @throws AppError `table_missing`, `table_differs`, or as rescope does
 */
export async function rescopeShop({
  shop,
  to,
  membership = [],
  dryRun,
  json,
}: RescopeOptions): Promise<void> {
  const isDry = dryRun === true;
  const counts = await withTables(async (context) => {
    await checkTable(context, usersTable);
    return rescope(
      {
        client: DynamoDBDocumentClient.from(context.client),
        table: context.prefix + usersTable.name,
        print: json === true ? printAside : print,
      },
      { shop, to, dryRun: isDry, memberships: membership },
    );
  });
  const { read, rewritten, unchanged } = counts;
  if (json === true) printJson({ dry_run: isDry, read, rewritten, unchanged });
  else print(`${read} read, ${rewritten} ${isDry ? 'to be rewritten' : 'rewritten'}, ${unchanged} unchanged`);
}
