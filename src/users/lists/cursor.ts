import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Position, UserQuery } from './list-query.ts';

export interface Cursors {
  encode(shop: string, query: UserQuery, position: Position): string;
  /** @throws AppError `cursor_invalid`: of another shop or query, tampered with, or not a cursor */
  decode(shop: string, query: UserQuery, cursor: string): Position;
}

const position = z.tuple([z.string(), z.string()]);

function invalid(): AppError {
  return new AppError(
    'cursor_invalid',
    'cursor is not of this list: leave it out to begin at the first page',
  );
}

/**
 * Cursors are opaque to clients. An HMAC binds each to its shop and query, so that it cannot be used for another list or
 * another position.
 * @param secrets the first one signs, all of them verify
 */
export function createCursors(secrets: readonly string[]): Cursors {
  function sign(secret: string, shop: string, query: UserQuery, payload: string): string {
    const asked = Object.entries(query).filter(([, value]) => value !== undefined);
    asked.sort(([a], [b]) => (a < b ? -1 : 1));
    const bound = JSON.stringify(['rollcall cursor', shop, asked, payload]);
    return createHmac('sha256', secret).update(bound).digest('base64url').slice(0, 22);
  }

  return {
    encode(shop, query, { user_id, created_at }) {
      const payload = Buffer.from(JSON.stringify([created_at, user_id])).toString('base64url');
      return `${payload}.${sign(secrets[0] ?? '', shop, query, payload)}`;
    },

    decode(shop, query, cursor) {
      const [payload = '', signature = ''] = cursor.split('.');
      const given = Buffer.from(signature);
      const genuine = secrets.some((secret) => {
        const expected = Buffer.from(sign(secret, shop, query, payload));
        return expected.length === given.length && timingSafeEqual(expected, given);
      });
      if (!genuine) throw invalid();
      const [created_at, user_id] = position.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      return { user_id, created_at };
    },
  };
}
