import { createHmac } from 'node:crypto';
import { API_KEY, SECRET, SHOP } from './rollcall.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A session token of App Bridge for a shop; claims and header may be overridden. */
export function aSessionToken(
  shop: string = SHOP,
  { claims = {}, header = {}, secret = SECRET }: { claims?: object; header?: object; secret?: string } = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: API_KEY,
    sub: '42',
    exp: now + 60,
    nbf: now,
    iat: now,
    jti: 'f8912129-1af6-4cad-9ca3-76b0f7621087',
    sid: 'aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685',
    ...claims,
  };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
