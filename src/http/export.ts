import type { Response } from 'express';
import { once } from 'node:events';
import type { User } from '../users/item.ts';
import type { UserPage } from '../users/listing.ts';
import { BYTE_ORDER_MARK, toCsvLine } from './csv.ts';

const COLUMNS = [
  'user_id',
  'shopify_id',
  'first_name',
  'last_name',
  'email',
  'shopify_state',
  'created_at',
  'is_active',
  'is_featured_author',
  'is_admin',
  'membership_id',
] as const;

/** Asks for the page after a cursor; without one, for the first. */
export type FetchPage = (cursor: string | undefined) => Promise<UserPage>;

function toLines(users: readonly User[]): string {
  return users
    .map((user) => toCsvLine([...COLUMNS.map((name) => user[name]), user.membership?.['name']]))
    .join('');
}

/**
 * Streams a whole list as CSV, page by page, no faster than the client reads; memory holds one page. If a later page
 * fails, the error handler cuts the connection, so that no one takes a part for the whole.
 * @returns how many people were sent
 * @throws AppError as `fetchPage`
 */
export async function sendCsv(response: Response, filename: string, fetchPage: FetchPage): Promise<number> {
  let page = await fetchPage(undefined);
  let sent = 0;
  response.type('text/csv; charset=utf-8').set('Content-Disposition', `attachment; filename="${filename}"`);
  response.write(BYTE_ORDER_MARK + toCsvLine([...COLUMNS, 'membership_name']));
  for (;;) {
    const writable = response.write(toLines(page.users));
    sent += page.users.length;
    if (page.nextCursor === undefined || response.destroyed) break;
    if (!writable) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    page = await fetchPage(page.nextCursor);
  }
  response.end();
  return sent;
}
