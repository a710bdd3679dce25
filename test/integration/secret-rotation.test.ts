import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { as } from '../support/api.ts';
import { SECRET, SHOP, useRollcall } from '../support/rollcall.ts';
import { changeSession } from '../support/shop-sessions.ts';

const running = useRollcall({
  SHOPIFY_API_SECRET: 'mistyped-at-the-rotation',
  SHOPIFY_API_SECRET_PREVIOUS: SECRET,
});
const openPage = () => as(running(), SHOP).get('/api/admins');
const shop = () => running().shops.shop(SHOP);

test('a session token of the previous secret is exchanged with that secret', async () => {
  assert.equal((await openPage()).status, 200);
  assert.equal(shop().counts.exchange, 1);
  assert.equal(shop().tokens.isGood(await running().rollcall.tokens.accessToken(SHOP)), true);
});

test('a new secret that is mistyped costs no session: /readyz names it until it is right', async () => {
  await changeSession(running(), SHOP, { expiresAt: new Date(Date.now() - 3_600_000).toISOString() });
  const { tokens } = running().rollcall;
  await assert.rejects(tokens.accessToken(SHOP), { code: 'app_settings_invalid' });
  const { status, body } = await request(running().rollcall.app).get('/readyz');
  assert.deepEqual([status, body.status, body.problems[0].code], [200, 'ok', 'app_settings_invalid']);
  assert.match(body.problems[0].message, /SHOPIFY_API_SECRET/);
  assert.equal(await tokens.has(SHOP), true);
});

test('no part of a session token is in the log', () => {
  for (const secret of ['eyJ', SECRET, 'mistyped']) assert.equal(running().logged().includes(secret), false);
});
