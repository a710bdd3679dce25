import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, createClock, useShop } from '../../simulator/shop/visit.ts';
import { createTokens } from '../../simulator/oauth/tokens.ts';

const visit = useShop();
const client = { client_id: APP.clientId, client_secret: APP.secret };
const PATH = '/admin/oauth/access_token';
const EXCHANGE = {
  ...client,
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
  expiring: '1',
};

test('a refresh token works once', async () => {
  const { post, running } = visit();
  const { refresh_token } = running.tokens.issue({ expiring: true });
  const refresh = () => post(PATH, { ...client, grant_type: 'refresh_token', refresh_token });
  assert.equal((await refresh()).status, 200);
  const again = await refresh();
  assert.equal(again.status, 400);
  assert.deepEqual(await again.json(), { error: 'invalid_grant' });
  assert.equal(running.counts.refresh, 2);
});

test('where refresh tokens may be tried again, the old one ends with the use of the new one', () => {
  const tokens = createTokens({ now: createClock().now, refreshAgain: true });
  const first = tokens.issue({ expiring: true }).refresh_token ?? '';
  assert.notEqual(tokens.refresh(first), undefined);
  const second = tokens.refresh(first)?.refresh_token ?? '';
  assert.notEqual(tokens.refresh(second), undefined);
  assert.equal(tokens.refresh(first), undefined);
});

test('an access token ends by the clock, by the next one and by uninstalling', async () => {
  const { running, clock, shop } = visit();
  const issue = () => running.tokens.issue({ expiring: true }).access_token;
  const first = issue();
  const second = issue();
  assert.deepEqual(
    [first, second].map((token) => running.tokens.isGood(token)),
    [false, true],
  );
  clock.pass(3600);
  assert.equal(running.tokens.isGood(second), false);
  const third = issue();
  shop.uninstall();
  assert.equal(running.tokens.isGood(third), false);
});

test('only a true session token is exchanged', async () => {
  const { post, running } = visit();
  const past = { exp: 1_000_000_000 };
  const tokens = {
    true: running.sessionToken(),
    unsigned: running.sessionToken({ alg: 'none' }),
    otherSecret: running.sessionToken({ secret: 'another' }),
    otherAudience: running.sessionToken({ claims: { aud: 'another' } }),
    expired: running.sessionToken({ claims: past }),
    otherShop: running.sessionToken({ claims: { dest: 'https://other.myshopify.com' } }),
  };
  for (const [name, subject_token] of Object.entries(tokens)) {
    const { status } = await post(PATH, { ...EXCHANGE, subject_token });
    assert.equal(status, name === 'true' ? 200 : 400, name);
  }
});
