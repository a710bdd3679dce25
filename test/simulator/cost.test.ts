import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, useShop } from '../../simulator/shop/visit.ts';

const visit = useShop({ limits: { maximum: 150, restoreRate: 50, maxCost: 120 } });
const throttleStatus = (currentlyAvailable: number) => ({
  maximumAvailable: 150,
  currentlyAvailable,
  restoreRate: 50,
});

test('a query takes what it used, and one that finds too little is throttled until the clock restores it', async () => {
  const { graphql, clock } = visit();
  const query = '{ customers(first: 100) { nodes { id } } }';
  const first = await graphql(query);
  assert.deepEqual(first.extensions, {
    cost: { requestedQueryCost: 102, actualQueryCost: 2, throttleStatus: throttleStatus(148) },
  });
  await Promise.all(Array.from({ length: 24 }, () => graphql(query)));
  const refused = await graphql(query);
  assert.equal(at(refused.errors, '0.extensions.code'), 'THROTTLED');
  assert.deepEqual(refused.extensions, {
    cost: { requestedQueryCost: 102, actualQueryCost: null, throttleStatus: throttleStatus(100) },
  });
  clock.pass(0.04);
  assert.equal((await graphql(query)).errors, undefined);
});

test('a query over the limit of one query is refused', async () => {
  for (const query of [
    '{ customers(first: 119) { nodes { id } } }',
    'query ($first: Int = 119) { customers(first: $first) { nodes { id } } }',
  ]) {
    const { errors } = await visit().graphql(query);
    assert.equal(at(errors, '0.extensions.code'), 'MAX_COST_EXCEEDED');
  }
});
