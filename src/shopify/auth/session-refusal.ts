import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Why a session token is refused, for the metrics and the log. */
type RefusalReason =
  'malformed' | 'signature' | 'audience' | 'expired' | 'not_yet_valid' | 'claims' | 'issuer';

export interface Refusal {
  readonly reason: RefusalReason;
  /** For people; no part of the token. */
  readonly message: string;
}

export interface RefusalContext {
  readonly secrets: readonly string[];
  readonly apiKey: string;
  /** Milliseconds of the epoch. */
  readonly now: number;
}

const header = z.object({ alg: z.literal('HS256') });
const claims = z.object({ aud: z.unknown(), exp: z.number().optional(), nbf: z.number().optional() });

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isSigned(text: string, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, 'base64url');
  return secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(text).digest();
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

/** Tells why a token was refused that has been refused already: nothing it says is trusted. */
export function toRefusal(token: string, { secrets, apiKey, now }: RefusalContext): Refusal {
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  const told = claims.safeParse(parsePart(payload)).data;
  if (told === undefined || parsePart(head) === undefined || rest.length > 0)
    return { reason: 'malformed', message: 'it is no token' };
  if (!header.safeParse(parsePart(head)).success || !isSigned(`${head}.${payload}`, signature, secrets))
    return { reason: 'signature', message: 'its signature is not by the app’s secret' };
  if (told.aud !== apiKey) return { reason: 'audience', message: 'it is for another app' };
  const { exp, nbf } = told;
  const seconds = now / 1000;
  if (nbf !== undefined && nbf > seconds) {
    const message = `it is not yet valid, by ${Math.ceil(nbf - seconds)} s`;
    return { reason: 'not_yet_valid', message };
  }
  if (exp !== undefined && exp <= seconds)
    return { reason: 'expired', message: `it expired ${Math.ceil(seconds - exp)} s ago` };
  return { reason: 'claims', message: 'its claims are not those of a session token' };
}
