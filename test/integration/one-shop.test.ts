import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aCustomer, BOB_ID } from '../support/customers.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall({ SHOP, ACTIVE_STATES: 'enabled,invited' });

test('the values of index keys are literal', async () => {
  await running().post(aCustomer({ state: 'invited' }));
  assert.equal((await running().item(`${SHOP}#${BOB_ID}`))?.['is_active'], 'true');
});

test('a webhook of another shop is answered 200 and dropped', async () => {
  const shop = 'other.myshopify.com';
  assert.equal(await running().post(aCustomer(), { shop }), 200);
  assert.equal(await running().item(`${shop}#${BOB_ID}`), undefined);
  assert.match(running().logged(), /"received":"other_shop"/);
});
