import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../simulator/shop/shop.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';

const running = useRollcall();

/** A change of a customer within a few seconds, so that equal times are common; rarely a deletion. */
const aChange = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      second: fc.integer({ min: 0, max: 3 }),
      name: fc.constantFrom('A', 'B', null, ''),
    }),
  },
  { weight: 1, arbitrary: fc.constant('deletion' as const) },
);

type Change = typeof aChange extends fc.Arbitrary<infer T> ? T : never;

function toMessage(id: string, change: Change): Message {
  if (change === 'deletion') return { topic: 'customers/delete', body: `{"id":${id}}` };
  return aCustomerUpdate({ id, updated_at: `2022-01-01T00:00:0${change.second}Z`, first_name: change.name });
}

/** What the user is after the messages, without what may differ: the ids and the number of writes. */
async function deliver(changes: readonly Change[]): Promise<object> {
  const id = String(BigInt(`0x${randomUUID().replaceAll('-', '')}`));
  for (const change of changes) assert.equal(await running().post(toMessage(id, change)), 200);
  const item = (await running().item(`${SHOP}#${id}`)) ?? {};
  const changing = new Set(['user_id', 'shopify_id', 'revision', 'deleted_at', 'expires_at']);
  const same = Object.entries(item).filter(([name]) => !changing.has(name));
  return { ...Object.fromEntries(same), deleted: 'deleted_at' in item };
}

test('any order of deliveries, with any of them repeated, gives the same user', async () => {
  const orders = fc.array(aChange, { minLength: 2, maxLength: 6 }).chain((changes) =>
    fc.record({
      one: fc.shuffledSubarray(changes, { minLength: changes.length }),
      other: fc.shuffledSubarray([...changes, ...changes], { minLength: 2 * changes.length }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(orders, async ({ one, other }) => {
      assert.deepEqual(await deliver(one), await deliver(other));
    }),
    { numRuns: soak(15, 40) },
  );
});
