import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BYTE_ORDER_MARK, toCsvLine } from './csv.ts';

/** A CSV file: its columns, and its rows in pages. */
export interface Export {
  readonly filename: string;
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

/** The client closed the connection, which is no error. */
const isDisconnect = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

/**
 * Streams a whole list as CSV, with back-pressure: memory holds two pages. If a page fails after the first, the caller must
 * cut the connection, so that a part is never taken for the whole. Stops reading when the client disconnects.
 * @returns the number of rows sent; an upper bound if the client disconnected
 * @throws whatever `pages` throws; nothing is sent before its first page
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
    if (!isDisconnect(error)) throw error;
  }
  return sent;
}
