import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { update } from '../dynamodb/conditional-update.ts';
import { queryPages } from '../dynamodb/query-pages.ts';
import { retryConflicts } from '../retry.ts';
import { toScoped } from './item.ts';
import { FLAGS, rescopeCommand, SCOPED, scopeBefore, toLiteral, type Rescoping } from './rescope-command.ts';
import { usersTable } from './users-schema.ts';

type IndexedAttribute = (typeof usersTable.indexes)[number]['hash'];

export interface RescopeDeps {
  readonly client: DynamoDBDocumentClient;
  /** The table's full name. */
  readonly table: string;
  /** Takes one line of progress. */
  readonly print: (line: string) => void;
}

export interface RescopeOrder extends Rescoping {
  /** Count only. */
  readonly dryRun: boolean;
  /** Literal membership ids to query, besides those found in rows. */
  readonly memberships: readonly string[];
}

export interface RescopeCounts {
  readonly read: number;
  /** With `dryRun`: how many would be. */
  readonly rewritten: number;
  readonly unchanged: number;
}

const WORKERS = 16;
const ATTEMPTS = 5;
const PROGRESS_ROWS = 1000;

/**
 * Rewrites the index keys of a shop's rows from literal to scoped or back. Finds rows by queries of the indexes, never by
 * a scan: all with `shop`, those under the old values of the flags, and those under each membership found on the way. One
 * conditional update a row. Run again, it continues where it stopped.
 * @throws AppError `store_failed` if other writes change a row in every attempt
 */
export async function rescope(deps: RescopeDeps, order: RescopeOrder): Promise<RescopeCounts> {
  const { client, table } = deps;
  const counts = { read: 0, rewritten: 0, unchanged: 0 };
  const seen = new Set<unknown>();
  const memberships = new Set(order.memberships);

  async function* listUserIds(attribute: IndexedAttribute, value: string) {
    const index = usersTable.indexes.find(({ hash }) => hash === attribute);
    const input = {
      TableName: table,
      IndexName: index?.name,
      KeyConditionExpression: `${attribute} = :value`,
      ExpressionAttributeValues: { ':value': value },
      ProjectionExpression: 'user_id',
    };
    for await (const items of queryPages(client, input))
      for (const { user_id } of items) {
        if (seen.has(user_id)) continue;
        seen.add(user_id);
        yield user_id;
      }
  }

  async function* listEverybody() {
    const scope = scopeBefore(order);
    yield* listUserIds('shop', order.shop);
    for (const flag of FLAGS)
      for (const value of ['true', 'false']) yield* listUserIds(flag, toScoped(scope, value));
  }

  /** @returns whether the row was, or with dryRun would be, rewritten */
  async function rewrite(userId: unknown): Promise<boolean> {
    return retryConflicts(
      ATTEMPTS,
      'A row changes all the time: stop what writes to the table, run it again',
      async () => {
        const { Item } = await client.send(
          new GetCommand({
            TableName: table,
            Key: { user_id: userId },
            ConsistentRead: true,
            ProjectionExpression: ['user_id', 'shop', 'deleted_at', 'redacted_at', ...SCOPED].join(', '),
          }),
        );
        if (Item === undefined) return false;
        const membership = toLiteral(order, Item['membership_id']);
        if (membership !== undefined) memberships.add(membership);
        const input = rescopeCommand(order, table, Item);
        if (input === undefined) return false;
        if (order.dryRun) return true;
        return (await update(client, input)).written ? true : undefined;
      },
    );
  }

  async function rewriteAll(userIds: AsyncIterable<unknown>): Promise<void> {
    const worker = async () => {
      for await (const userId of userIds) {
        const rewritten = await rewrite(userId);
        counts.read += 1;
        counts[rewritten ? 'rewritten' : 'unchanged'] += 1;
        if (counts.read % PROGRESS_ROWS === 0)
          deps.print(`${counts.read} read, ${counts.rewritten} rewritten`);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  }

  await rewriteAll(listEverybody());
  // Rows found here may add memberships; iterating a Set includes what is added meanwhile.
  for (const id of memberships)
    await rewriteAll(listUserIds('membership_id', toScoped(scopeBefore(order), id)));
  return counts;
}
