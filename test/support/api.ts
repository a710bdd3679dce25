import request from 'supertest';
import type { Forgery } from '../../simulator/oauth/session-token.ts';
import { SHOP, type TestRollcall } from './rollcall.ts';

/** The API as the page asks it, with the session of somebody at a shop; what a forger would change may be given. */
export function as(program: TestRollcall, shop: string = SHOP, forgery: Forgery = {}) {
  return withToken(program, program.shops.shop(shop).sessionToken(forgery));
}

/** The API asked with any token. */
export function withToken({ rollcall }: TestRollcall, token: string) {
  const authorization = `Bearer ${token}`;
  return {
    get: (path: string) => request(rollcall.app).get(path).set({ authorization }),
    /** @param body none: the request has the content type of JSON and no body */
    post: (path: string, body?: object) =>
      request(rollcall.app).post(path).set({ authorization }).type('json').send(body),
  };
}

/** The API with a token of the real time, where the shop's clock is another: tokens are verified by the real one. */
export function asNow(program: TestRollcall, shop: string = SHOP) {
  const now = Math.floor(Date.now() / 1000);
  return as(program, shop, { claims: { iat: now, nbf: now - 60, exp: now + 60 } });
}
