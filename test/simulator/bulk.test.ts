import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { toGid } from '../../simulator/webhooks/payloads.ts';
import { aCustomer, at, useShop } from '../../simulator/shop/visit.ts';

const visit = useShop();
const RUN = `mutation ($query: String!) {
  bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { code } }
}`;
const POLL = `query ($id: ID!) {
  bulkOperation(id: $id) { status objectCount url partialDataUrl }
}`;
const Operation = z.object({
  status: z.string(),
  objectCount: z.string(),
  url: z.string().nullable(),
  partialDataUrl: z.string().nullable(),
});
const ALL = '{ customers { edges { node { id firstName metafields { edges { node { key } } } } } } }';

async function run(query = ALL): Promise<string> {
  const { data } = await visit().graphql(RUN, { query });
  assert.deepEqual(at(data, 'bulkOperationRunQuery.userErrors'), []);
  assert.equal(at(data, 'bulkOperationRunQuery.bulkOperation.status'), 'CREATED');
  return z.string().parse(at(data, 'bulkOperationRunQuery.bulkOperation.id'));
}

async function poll(id: string) {
  const { data } = await visit().graphql(POLL, { id });
  return Operation.parse(at(data, 'bulkOperation'));
}

test('a bulk operation of no customers has no result', async () => {
  const id = await run();
  assert.equal((await poll(id)).status, 'RUNNING');
  const { status, url, objectCount } = await poll(id);
  assert.deepEqual({ status, url, objectCount }, { status: 'COMPLETED', url: null, objectCount: '0' });
});

test('a bulk operation writes a line for each customer and one for each of its metafields', async () => {
  const { shop } = visit();
  shop.create(aCustomer());
  const [id = ''] = shop.customers.keys();
  const ownerId = toGid('Customer', id);
  shop.saveMetafield({ ownerId, namespace: 'app--12345', key: 'is_admin', type: 'boolean', value: 'true' });
  const operation = await run();
  await poll(operation);
  const { objectCount, url } = await poll(operation);
  assert.equal(objectCount, '2');
  const lines = (await (await fetch(url ?? '')).text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line): unknown => JSON.parse(line)),
    [
      { id: ownerId, firstName: 'Bob' },
      { key: 'is_admin', __parentId: ownerId },
    ],
  );
});

test('a failed operation has partial data, whose URL ends after seven days', async () => {
  const { running, clock } = visit();
  running.bulk.faults.push({ status: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR', partialLines: 1 });
  const id = await run();
  running.bulk.finish();
  const { status, url, partialDataUrl } = await poll(id);
  assert.deepEqual([status, url], ['FAILED', null]);
  assert.equal((await fetch(partialDataUrl ?? '')).status, 200);
  clock.pass(7 * 24 * 60 * 60);
  assert.equal((await fetch(partialDataUrl ?? '')).status, 400);
});

test('a sixth operation at once is refused', async () => {
  for (let n = 0; n < 5; n += 1) await run();
  const { data } = await visit().graphql(RUN, { query: ALL });
  assert.deepEqual(at(data, 'bulkOperationRunQuery'), {
    bulkOperation: null,
    userErrors: [{ code: 'LIMIT_REACHED' }],
  });
});
