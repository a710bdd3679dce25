import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { withToken } from '../support/api.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { aSessionToken } from '../support/session-token.ts';

const running = useRollcall({ SHOP });
const seconds = () => Math.floor(Date.now() / 1000);
const counted = async (reason: string) => {
  const { values } = await running().rollcall.context.metrics.sessionsRefused.get();
  return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
};
const lines = (reason: string) =>
  running()
    .logged()
    .split('\n')
    .filter((line) => line.includes('session refused') && line.includes(`"reason":"${reason}"`));

const ask = (token: string) => withToken(running(), token).get('/api/admins');
const claims = (changes: Record<string, unknown>) => aSessionToken(SHOP, { claims: changes });

const cases: readonly (readonly [reason: string, name: string, token: () => string, said: RegExp])[] = [
  ['signature', 'of another secret', () => aSessionToken(SHOP, { secret: 'another' }), /SHOPIFY_API_SECRET/],
  ['signature', 'without a signature', () => aSessionToken(SHOP, { alg: 'none' }), /SHOPIFY_API_SECRET/],
  ['signature', 'of another algorithm', () => aSessionToken(SHOP, { alg: 'HS512' }), /SHOPIFY_API_SECRET/],
  ['audience', 'of another app', () => claims({ aud: 'another-app' }), /SHOPIFY_API_KEY/],
  ['audience', 'of several apps', () => claims({ aud: ['a', 'b'] }), /SHOPIFY_API_KEY/],
  ['expired', 'of a minute ago', () => claims({ exp: seconds() - 60 }), /expired 6\d s ago/],
  ['not_yet_valid', 'by a clock 30 s ahead', () => claims({ nbf: seconds() + 30 }), /by (30|29) s.*clock/],
  ['issuer', 'issued by another shop', () => claims({ iss: `https://${OTHER_SHOP}/admin` }), /iss and dest/],
  ['claims', 'without a person', () => claims({ sub: undefined }), /claims/],
  ['malformed', 'that is none', () => 'abc', /no token/],
  ['malformed', 'whose payload is no JSON', () => 'eyJhbGciOiJIUzI1NiJ9.Zm9v.YmFy', /no token/],
];
for (const [reason, name, token, said] of cases)
  test(`a session token ${name} is a 401 that is counted as ${reason}, and logged once a minute`, async () => {
    const before = await counted(reason);
    for (let n = 0; n < 3; n += 1) assert.equal((await ask(token())).status, 401);
    assert.equal((await counted(reason)) - before, 3);
    assert.equal(lines(reason).length, 1);
    assert.match(lines(reason)[0] ?? '', said);
  });

test('a request without a token, and one of another shop, are counted too', async () => {
  assert.equal((await request(running().rollcall.app).get('/api/admins')).status, 401);
  assert.equal(await counted('missing'), 1);
  assert.equal((await ask(aSessionToken(OTHER_SHOP))).status, 403);
  assert.equal(await counted('other_shop'), 1);
  assert.equal(lines('other_shop').length, 1);
});

test('no part of a token is logged', () => {
  for (const secret of ['eyJ', 'another-app', 'hush-this'])
    assert.equal(running().logged().includes(secret), false, secret);
});
