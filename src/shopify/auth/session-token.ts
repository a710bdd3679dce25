import type { Shopify } from '@shopify/shopify-api';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { toShopDomain } from '../../shop-domain.ts';
import { toRefusal, type Refusal } from './session-refusal.ts';

/** The claims of a verified session token. */
export interface StaffSession {
  /** The token's `dest`: the tenant. */
  readonly shop: string;
  /** The token's `sub`: the id of the staff member in Shopify. */
  readonly staffId: string;
  /** The token itself, to be exchanged. Never logged. */
  readonly token: string;
  /** By Shopify's clock, UTC ISO 8601. Proves that the app was installed at that time. */
  readonly issuedAt: string;
}

/** @throws AppError `session_invalid` with its reason, without any part of the token */
export type VerifySessionToken = (token: string) => Promise<StaffSession>;

// The library checks the signature (HS256), and audience and times (10 s tolerance) only if the token has them. It never
// checks iss and dest.
const claims = z.object({
  iss: z.url({ protocol: /^https$/ }),
  dest: z.url({ protocol: /^https$/ }),
  sub: z.string().min(1),
  exp: z.number(),
  nbf: z.number(),
  iat: z.number(),
});

function refused({ reason, message }: Refusal): AppError {
  return new AppError('session_invalid', `The session token is not valid: ${message}`, { reason });
}

/**
 * Verifies App Bridge's session tokens: valid for a minute, signed with the client secret.
 * @param apis the library for the current and, during a rotation, the previous secret
 */
export function createVerifySessionToken(apis: readonly [Shopify, ...Shopify[]]): VerifySessionToken {
  async function decode(token: string): Promise<unknown> {
    for (const api of apis) {
      try {
        return await api.session.decodeSessionToken(token);
      } catch {
        // The library's error contains the whole token, so it is neither kept as a cause nor logged.
        continue;
      }
    }
    const secrets = apis.map(({ config }) => config.apiSecretKey);
    // By the clock that the library has checked it by.
    throw refused(toRefusal(token, { secrets, apiKey: apis[0].config.apiKey, now: Date.now() }));
  }

  return async function verifySessionToken(token) {
    const parsed = claims.safeParse(await decode(token));
    if (!parsed.success) throw refused({ reason: 'claims', message: 'claims are missing' });
    const { iss, dest, sub, iat } = parsed.data;
    const shop = toShopDomain(new URL(dest).host);
    if (shop === undefined || toShopDomain(new URL(iss).host) !== shop)
      throw refused({ reason: 'issuer', message: 'iss and dest differ' });
    return { shop, staffId: sub, token, issuedAt: new Date(iat * 1000).toISOString() };
  };
}
