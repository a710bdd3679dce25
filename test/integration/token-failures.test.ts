import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import request from 'supertest';
import type { Fault } from '../../simulator/shop/faults.ts';
import { as } from '../support/api.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { changeSession } from '../support/shop-sessions.ts';

let ahead = 0;
const running = useRollcall({}, undefined, {
  overrides: { now: () => new Date(Date.now() + ahead) },
});
const shopOf = (domain: string) => running().shops.shop(domain);
const accessToken = () => running().rollcall.tokens.accessToken(SHOP);
const openPage = (shop = SHOP) => as(running(), shop).get('/api/admins');
const readyz = async () => {
  const { status, body } = await request(running().rollcall.app).get('/readyz');
  return {
    status,
    codes: body.problems.map(({ code }: { code: string }) => code),
    text: JSON.stringify(body),
  };
};

const expire = () =>
  changeSession(running(), SHOP, { expiresAt: new Date(Date.now() - 3_600_000).toISOString() });

/** Goes past whatever an earlier failure has put off. */
const skipMinutes = () => void (ahead += 2 * 60_000);

beforeEach(async () => {
  skipMinutes();
  await openPage();
});

describe('a refresh that fails for a reason that is not the token’s', () => {
  const cases: readonly (readonly [Fault, string, string])[] = [
    ['forbidden', 'admin_api_unavailable', 'token_requests_refused'],
    ['edge_block', 'admin_api_unavailable', 'token_requests_unanswered'],
    ['invalid_client', 'app_settings_invalid', 'app_settings_invalid'],
    ['application_cannot_be_found', 'app_settings_invalid', 'app_settings_invalid'],
    ['invalid_request', 'admin_api_unavailable', 'token_requests_refused'],
    ['invalid_subject_token', 'admin_api_unavailable', 'token_requests_refused'],
    ['server_error', 'admin_api_unavailable', 'token_requests_unanswered'],
    ['bad_gateway', 'admin_api_unavailable', 'token_requests_unanswered'],
  ];
  for (const [fault, code, problem] of cases)
    test(`keeps the session and is a detail of /readyz: ${fault}`, async () => {
      await expire();
      shopOf(SHOP).faults.next(fault, { on: 'refresh', times: code === 'app_settings_invalid' ? 1 : 3 });
      await assert.rejects(accessToken(), { code });
      const { status, codes, text } = await readyz();
      assert.deepEqual([status, codes], [200, [problem]]);
      assert.match(text, /SHOPIFY_API_KEY and SHOPIFY_API_SECRET/);
      skipMinutes();
      assert.equal(shopOf(SHOP).tokens.isGood(await accessToken()), true, 'no merchant was needed');
      assert.deepEqual((await readyz()).codes, []);
    });

  test('is not repeated at once for everybody who asks, and is logged once a minute', async () => {
    await expire();
    const { counts, faults } = shopOf(SHOP);
    counts.refresh = 0;
    const before = running().logged().length;
    faults.next('invalid_client', { on: 'refresh', times: 2 });
    for (let n = 0; n < 5; n += 1) await assert.rejects(accessToken(), { code: 'app_settings_invalid' });
    assert.equal(counts.refresh, 1);
    ahead += 6000;
    await assert.rejects(accessToken(), { code: 'app_settings_invalid' });
    assert.equal(counts.refresh, 2);
    const lines = running().logged().slice(before).split('\n');
    const said = lines.filter((line) => line.includes('token request failed'));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /"error":"invalid_client".*SHOPIFY_API_SECRET/);
    const metrics = await running().rollcall.context.metrics.registry.metrics();
    assert.match(metrics, /rollcall_token_requests_total\{outcome="app_refused"\}/);
  });

  test('leaves a token in use that is good for some minutes more', async () => {
    const before = await accessToken();
    await changeSession(running(), SHOP, { expiresAt: new Date(Date.now() + ahead + 60_000).toISOString() });
    for (const fault of ['invalid_client', 'forbidden'] as const) {
      shopOf(SHOP).faults.next(fault, { on: 'refresh', times: fault === 'forbidden' ? 3 : 1 });
      assert.equal(await accessToken(), before, fault);
      skipMinutes();
      await changeSession(running(), SHOP, {
        expiresAt: new Date(Date.now() + ahead + 60_000).toISOString(),
      });
    }
  });
});

for (const fault of ['invalid_grant', 'inactive_refresh_token'] as const)
  test(`a refresh token that Shopify calls dead ends the session: ${fault}`, async () => {
    await expire();
    shopOf(SHOP).faults.next(fault, { on: 'refresh' });
    for (let n = 0; n < 2; n += 1) await assert.rejects(accessToken(), { code: 'reauthorization_needed' });
    assert.deepEqual((await readyz()).codes, []);
  });

describe('an exchange of a session token', () => {
  test('that Shopify does not take is a 401 that makes App Bridge try again', async () => {
    shopOf(OTHER_SHOP).faults.next('invalid_subject_token', { on: 'exchange' });
    const { status, headers, body } = await openPage(OTHER_SHOP);
    assert.deepEqual([status, body.error.code], [401, 'session_invalid']);
    assert.equal(headers['x-shopify-retry-invalid-session-request'], '1');
  });

  for (const fault of ['invalid_client', 'application_cannot_be_found'] as const)
    test(`names the settings where the app is what Shopify refuses, and shows the lists: ${fault}`, async () => {
      shopOf(OTHER_SHOP).faults.next(fault, { on: 'exchange' });
      assert.equal((await openPage(OTHER_SHOP)).status, 200);
      assert.deepEqual((await readyz()).codes, ['app_settings_invalid']);
      const { body } = await as(running(), OTHER_SHOP).get('/api/sync');
      const codes = body.attention.map(({ code }: { code: string }) => code);
      assert.ok(codes.includes('app_settings_invalid'));
      skipMinutes();
      shopOf(OTHER_SHOP).tokens.revokeAll();
    });
});

test('no token and no secret is in the log', () => {
  for (const secret of ['eyJ', 'shpat_', 'shpua_', 'shprt_', 'hush-this'])
    assert.equal(running().logged().includes(secret), false, secret);
});
