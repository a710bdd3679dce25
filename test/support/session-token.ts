import { createApp } from '../../simulator/oauth/app.ts';
import { toSessionToken, type Forgery } from '../../simulator/oauth/session-token.ts';
import { APP } from '../../simulator/shop/visit.ts';
import { SHOP } from './rollcall.ts';

/** A session token as App Bridge hands it to the page, for a shop, by the clock of the program; or a forged one. */
export function aSessionToken(shop: string = SHOP, forgery: Forgery = {}): string {
  return toSessionToken({ app: createApp(APP), domain: shop, now: () => new Date() }, forgery);
}
