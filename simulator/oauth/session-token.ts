import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { App } from './app.ts';

const Claims = z.object({
  iss: z.string(),
  dest: z.string(),
  aud: z.string(),
  sub: z.string(),
  exp: z.number(),
  nbf: z.number(),
  iat: z.number(),
  jti: z.string(),
  sid: z.string(),
});
const Header = z.object({ alg: z.literal('HS256') });

export interface SessionTokenOptions {
  readonly app: App;
  readonly domain: string;
  readonly now: () => Date;
}

/** Overrides that make a forged token. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `none`: without a signature. */
  readonly alg?: string;
  readonly secret?: string;
}

/** The session token of an embedded page, valid for 60 s; or a forged one. */
export function toSessionToken({ app, domain, now }: SessionTokenOptions, forgery: Forgery = {}): string {
  const { claims = {}, alg = 'HS256', secret = app.secret() } = forgery;
  const seconds = Math.floor(now().getTime() / 1000);
  const payload = {
    iss: `https://${domain}/admin`,
    dest: `https://${domain}`,
    aud: app.clientId,
    sub: '42',
    exp: seconds + 60,
    nbf: seconds,
    iat: seconds,
    jti: randomUUID(),
    sid: randomUUID(),
    ...claims,
  };
  const signed = `${toPart({ alg, typ: 'JWT' })}.${toPart(payload)}`;
  return `${signed}.${alg === 'none' ? '' : sign(signed, secret)}`;
}

/** Whether the shop exchanges the token. */
export function isSessionToken(token: string, { app, domain, now }: SessionTokenOptions): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  if (sign(`${header}.${payload}`, app.secret()) !== signature) return false;
  if (!Header.safeParse(fromPart(header)).success) return false;
  const claims = Claims.safeParse(fromPart(payload)).data;
  const seconds = now().getTime() / 1000;
  return (
    claims !== undefined &&
    claims.aud === app.clientId &&
    claims.dest === `https://${domain}` &&
    claims.iss === `https://${domain}/admin` &&
    claims.exp > seconds &&
    claims.nbf <= seconds
  );
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function toPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws SyntaxError; only signed parts get here */
function fromPart(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
