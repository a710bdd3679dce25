import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { createCustomer, deliverWebhooks, openPage } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { changeSession } from '../support/shop-sessions.ts';

let id = '';
const running = useRollcall({}, async (program) => {
  await openPage(program);
  const delivered = deliverWebhooks(program);
  id = createCustomer(program.shops.shop(SHOP).shop);
  await delivered();
});
const shop = () => running().shops.shop(SHOP);
const path = (rest: string) => `/api/users/${encodeURIComponent(`${SHOP}#${id}`)}/${rest}`;
const giveRole = (value = true) => as(running(), SHOP).post(path('roles'), { is_featured_author: value });

beforeEach(async () => {
  await openPage(running());
  Object.assign(shop().counts, { exchange: 0, refresh: 0 });
});

/** The app was uninstalled and installed again, and nobody has told Rollcall: every token of before is dead. */
const reinstall = () => shop().tokens.revokeAll();

describe('a request whose shop’s stored token turns out dead', () => {
  test('is done with the session of whoever asks: the first role after a reinstall', async () => {
    reinstall();
    const { status, body } = await giveRole();
    assert.deepEqual([status, body.is_featured_author], [200, true]);
    assert.equal(shop().counts.exchange, 1);
    assert.equal((await giveRole(false)).body.is_featured_author, false);
    assert.equal(shop().counts.exchange, 1, 'the new token is kept');
  });

  test('is done also if the token had expired, or has been refused twice', async () => {
    await changeSession(running(), SHOP, { expiresAt: new Date(Date.now() - 3_600_000).toISOString() });
    reinstall();
    assert.equal((await giveRole()).status, 200, 'expired');
    await changeSession(running(), SHOP, { afterRefusal: true });
    reinstall();
    assert.equal((await giveRole(false)).status, 200, 'refused twice');
  });

  test('is done whatever the request: the sources of somebody’s roles', async () => {
    reinstall();
    assert.equal((await as(running(), SHOP).get(path('sources'))).status, 200);
  });

  test('exchanges once for many at once', async () => {
    reinstall();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => as(running(), SHOP).get(path('sources'))),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(shop().counts.exchange, 1);
  });

  test('is a 401 for App Bridge to try again where Shopify does not take the session either', async () => {
    reinstall();
    shop().faults.next('invalid_subject_token', { on: 'exchange' });
    const { status, headers, body } = await giveRole();
    assert.deepEqual([status, body.error.code], [401, 'session_invalid']);
    assert.equal(headers['x-shopify-retry-invalid-session-request'], '1');
  });

  test('names the settings where Shopify does not know the app, and nothing is changed', async () => {
    const role = async () => (await as(running(), SHOP).get(path('').slice(0, -1))).body.is_featured_author;
    const before = await role();
    reinstall();
    shop().faults.next('invalid_client', { on: 'exchange' });
    const { status, body } = await giveRole(!before);
    assert.deepEqual([status, body.error.code], [503, 'app_settings_invalid']);
    assert.match(body.error.message, /SHOPIFY_API_SECRET/);
    assert.equal(await role(), before);
  });
});
