import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { UsersContext } from '../commands.ts';
import { toScoped, type User } from '../item.ts';
import { lists, usersTable } from '../users-schema.ts';

/** Which users a list has. Instants are UTC ISO 8601 with milliseconds. */
export type UserQuery =
  | { readonly by: 'created'; readonly from: string; readonly to: string }
  | { readonly by: 'active' }
  | { readonly by: 'admin' | 'featured_author'; readonly createdAfter?: string | undefined }
  | { readonly by: 'membership'; readonly membershipId: string };

/** All users of a shop. */
export const EVERYBODY: UserQuery = {
  by: 'created',
  from: '0001-01-01T00:00:00.000Z',
  to: '9999-12-31T23:59:59.999Z',
};

/** Where a page ended: the keys of its last row, without the hash key of the index, which follows from the query. */
export interface Position {
  readonly user_id: string;
  readonly created_at: string;
}

interface Range {
  readonly expression: string;
  readonly values: Readonly<Record<string, string>>;
}

function rangeOf(query: UserQuery): Range {
  switch (query.by) {
    case 'created':
      return {
        expression: ' AND created_at BETWEEN :from AND :to',
        values: { ':from': query.from, ':to': query.to },
      };
    case 'admin':
    case 'featured_author':
      if (query.createdAfter === undefined) return { expression: '', values: {} };
      return { expression: ' AND created_at > :after', values: { ':after': query.createdAfter } };
    case 'active':
    case 'membership':
      return { expression: '', values: {} };
  }
}

function hashValue(context: UsersContext, query: UserQuery): string {
  if (query.by === 'created') return context.shop;
  return toScoped(context, query.by === 'membership' ? query.membershipId : 'true');
}

/** The index that answers a query. */
export function indexOf({ by }: UserQuery): (typeof usersTable.indexes)[number] {
  const index = usersTable.indexes.find(({ name }) => name === lists[by].index);
  if (index === undefined) throw new TypeError(`No index answers ${by}`);
  return index;
}

/** The Query for the rows of a list after a position, newest first, at most `limit` of them. */
export function listQuery(
  context: UsersContext,
  query: UserQuery,
  limit: number,
  after: Position | undefined,
): QueryCommandInput {
  const index = indexOf(query);
  const hash = hashValue(context, query);
  const range = rangeOf(query);
  return {
    TableName: context.table,
    IndexName: index.name,
    KeyConditionExpression: `${index.hash} = :hash${range.expression}`,
    ExpressionAttributeValues: { ':hash': hash, ...range.values },
    ScanIndexForward: false,
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: { [index.hash]: hash, ...after } }),
  };
}

/** Whether a user's current item belongs in the list: an index may lag behind. */
export function belongs(query: UserQuery, user: User): boolean {
  switch (query.by) {
    case 'created':
      return true;
    case 'active':
      return user.is_active;
    case 'admin':
      return user.is_admin;
    case 'featured_author':
      return user.is_featured_author;
    case 'membership':
      return user.membership_id === query.membershipId;
  }
}
