import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BYTE_ORDER_MARK, toCsvLine } from './csv.ts';

/** What a file holds: a column for each name, and its rows, page by page. */
export interface Export {
  readonly filename: string;
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

/** The client has gone, which is its right. */
const isLeft = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

/**
 * Streams a whole list as CSV, page by page, no faster than the client reads; memory holds two pages. If a later page
 * fails, the connection is cut, so that no one takes a part for the whole. If the client goes away, no more is read.
 * @returns how many rows were sent; to a client that went away, at most
 * @throws whatever `pages` throws; before its first page nothing is sent
 */
export async function sendCsv(response: Response, { filename, columns, pages }: Export): Promise<number> {
  let sent = 0;
  const iterator = pages[Symbol.asyncIterator]();
  const first = await iterator.next();

  async function* toText(): AsyncGenerator<string> {
    yield BYTE_ORDER_MARK + toCsvLine(columns);
    try {
      for (let page = first; page.done !== true; page = await iterator.next()) {
        sent += page.value.length;
        yield page.value.map((row) => toCsvLine(row)).join('');
      }
    } finally {
      await iterator.return?.();
    }
  }

  response.type('text/csv; charset=utf-8').set('Content-Disposition', `attachment; filename="${filename}"`);
  try {
    await pipeline(Readable.from(toText()), response);
  } catch (error) {
    if (!isLeft(error)) throw error;
  }
  return sent;
}
