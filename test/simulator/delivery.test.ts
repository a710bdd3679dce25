import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverAll } from '../../simulator/webhooks/delivery.ts';

const messages = Array.from({ length: 100 }, (_, n) => ({ topic: 'customers/update', body: String(n) }));

test('deliveries are repeated, late and lost, the same for the same seed', async () => {
  const row = async (seed: number) => {
    const bodies: string[] = [];
    await deliverAll(messages, { seed, repeated: 0.2, late: 0.2, lost: 0.1 }, async ({ body }) => {
      bodies.push(body);
      return 200;
    });
    return bodies;
  };
  const first = await row(1);
  assert.deepEqual(await row(1), first);
  assert.notDeepEqual(await row(2), first);
  const arrived = new Set(first).size;
  assert.ok(arrived < 100 && arrived < first.length);
  assert.notDeepEqual(
    first,
    first.toSorted((a, b) => Number(a) - Number(b)),
  );
});

test('a webhook that is never taken is tried nine times', async () => {
  const { deliveries, givenUp } = await deliverAll(messages.slice(0, 1), { seed: 1 }, async () => 503);
  assert.equal(deliveries, 9);
  assert.deepEqual(givenUp, messages.slice(0, 1));
});
