import { ApiVersion, LogSeverity, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createShop } from '../../simulator/shop/shop.ts';
import { startShops, type Shops } from '../../simulator/shop/shops.ts';
import { APP, DOMAIN } from '../../simulator/shop/visit.ts';

await import('@shopify/shopify-api/adapters/node');
// Shopify's own library is the judge of what the token endpoints answer.
const api = shopifyApi({
  apiKey: APP.clientId,
  apiSecretKey: APP.secret,
  apiVersion: ApiVersion.October26,
  hostName: 'rollcall.test',
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error },
});
let shops: Shops;

before(async () => {
  const shop = createShop({ domain: DOMAIN, now: () => new Date(), offset: 0 });
  shops = await startShops({ shops: [shop], app: APP });
  setAbstractFetchFunc((url, init) => {
    const { host, pathname } = new URL(url instanceof Request ? url.url : url);
    const headers = new Headers(init?.headers);
    headers.set('x-shop', host);
    return fetch(shops.url + pathname, { ...init, headers });
  });
});
after(() => shops.close());

test('the library exchanges, refreshes and migrates tokens', async () => {
  const running = shops.shop(DOMAIN);
  const { session } = await api.auth.tokenExchange({
    shop: DOMAIN,
    sessionToken: running.sessionToken(),
    requestedTokenType: RequestedTokenType.OfflineAccessToken,
    expiring: true,
  });
  assert.equal(running.tokens.isGood(session.accessToken ?? ''), true);
  const refreshed = await api.auth.refreshToken({ shop: DOMAIN, refreshToken: session.refreshToken ?? '' });
  assert.equal(running.tokens.isGood(refreshed.session.accessToken ?? ''), true);
  assert.equal(running.tokens.isGood(session.accessToken ?? ''), false);
  const nonExpiringOfflineAccessToken = running.tokens.issue({ expiring: false }).access_token;
  const migrated = await api.auth.migrateToExpiringToken({ shop: DOMAIN, nonExpiringOfflineAccessToken });
  assert.notEqual(migrated.session.refreshToken, undefined);
  assert.deepEqual([running.counts.exchange, running.counts.refresh, running.counts.migrate], [1, 1, 1]);
});

test('the library believes the query of the callback', async () => {
  const redirect_uri = 'https://rollcall.test/auth/callback';
  const query = new URLSearchParams({ shop: DOMAIN, client_id: APP.clientId, redirect_uri, state: 'a b' });
  const response = await fetch(`${shops.url}/admin/oauth/authorize?${query.toString()}`, {
    redirect: 'manual',
  });
  const callback = new URL(response.headers.get('location') ?? '');
  assert.equal(callback.origin + callback.pathname, redirect_uri);
  assert.equal(await api.utils.validateHmac(Object.fromEntries(callback.searchParams)), true);
  assert.equal(shops.shop(DOMAIN).tokens.useCode(callback.searchParams.get('code') ?? ''), true);
});
