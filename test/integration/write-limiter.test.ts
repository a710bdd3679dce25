import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginReconcile } from '../../src/sync/reconcile.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage } from '../support/merchant.ts';

const UNITS = 60;
const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: String(UNITS) }, openPage);

test('what reconciling writes keeps to the units a second', async () => {
  const { shop } = running().shops.shop(SHOP);
  // A new customer without any flag is reckoned as four units.
  const ids = Array.from({ length: UNITS }, () => createCustomer(shop));
  const began = performance.now();
  await (
    await beginReconcile(running().rollcall.context, SHOP, new AbortController().signal)
  )?.done;
  // The first second's units need not be waited for.
  assert.ok(performance.now() - began >= 2900, `${performance.now() - began} ms`);
  for (const id of ids) assert.notEqual(await running().item(`${SHOP}#${id}`), undefined);
});
