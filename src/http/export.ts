import type { Response } from 'express';
import { once } from 'node:events';
import { BYTE_ORDER_MARK, toCsvLine } from './csv.ts';

/** What a file holds: a column for each name, and its rows, page by page. */
export interface Export {
  readonly filename: string;
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

/**
 * Streams a whole list as CSV, page by page, no faster than the client reads; memory holds one page. If a later page
 * fails, the error handler cuts the connection, so that no one takes a part for the whole.
 * @returns how many rows were sent
 * @throws whatever `pages` throws; before its first page nothing is sent
 */
export async function sendCsv(response: Response, { filename, columns, pages }: Export): Promise<number> {
  let sent = 0;

  function begin(): void {
    response.type('text/csv; charset=utf-8').set('Content-Disposition', `attachment; filename="${filename}"`);
    response.write(BYTE_ORDER_MARK + toCsvLine(columns));
  }

  for await (const rows of pages) {
    if (!response.headersSent) begin();
    const writable = response.write(rows.map((row) => toCsvLine(row)).join(''));
    sent += rows.length;
    if (response.destroyed) break;
    if (!writable) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  if (!response.headersSent) begin();
  response.end();
  return sent;
}
