import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { UsersContext } from '../commands.ts';
import type { Cursors } from './cursor.ts';
import { queryPages } from '../../dynamodb/query-pages.ts';
import { hydrate } from './hydrate.ts';
import { toUser, type User } from '../item.ts';
import { belongs, indexOf, listQuery, type Position, type UserQuery } from './list-query.ts';

type Item = Readonly<Record<string, unknown>>;

export interface ListingDeps extends UsersContext {
  readonly client: DynamoDBDocumentClient;
  readonly cursors: Cursors;
}

export interface UserPage {
  readonly users: readonly User[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The rows of an index after a position, at most `limit`. */
async function rowsOf(
  deps: ListingDeps,
  query: UserQuery,
  limit: number,
  after: Position | undefined,
): Promise<Item[]> {
  const rows: Item[] = [];
  for await (const items of queryPages(deps.client, listQuery(deps, query, limit, after))) {
    rows.push(...items);
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

async function usersIn(deps: ListingDeps, query: UserQuery, rows: readonly Item[]): Promise<User[]> {
  const whole = indexOf(query).projection === 'ALL';
  const userIds = rows.map((row) => String(row['user_id']));
  const items = whole ? rows : await hydrate(deps.client, deps.table, userIds);
  return items
    .map((item) => toUser(deps, item))
    .filter((user) => user !== undefined)
    .filter((user) => belongs(query, user));
}

function toPosition(row: Item | undefined): Position {
  return { user_id: String(row?.['user_id']), created_at: String(row?.['created_at']) };
}

/**
 * A page of a list, newest first. Skips users that a lagging index still returns, such as tombstones, and fills the page
 * up: only the last page is shorter than the limit.
 * @throws AppError `cursor_invalid`
 */
export async function listPage(deps: ListingDeps, query: UserQuery, page: PageRequest): Promise<UserPage> {
  const { shop, cursors } = deps;
  const users: User[] = [];
  let position = page.cursor === undefined ? undefined : cursors.decode(shop, query, page.cursor);
  for (;;) {
    const missing = page.limit - users.length;
    // One row more tells whether there is a next page.
    const rows = await rowsOf(deps, query, missing + 1, position);
    const wanted = rows.slice(0, missing);
    users.push(...(await usersIn(deps, query, wanted)));
    if (rows.length <= missing) return { users, nextCursor: undefined };
    position = toPosition(wanted.at(-1));
    if (users.length === page.limit) return { users, nextCursor: cursors.encode(shop, query, position) };
  }
}
