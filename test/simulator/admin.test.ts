import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toGid } from '../../simulator/webhooks/payloads.ts';
import { aCustomer, at, useShop } from '../../simulator/shop/visit.ts';

const visit = useShop();

test('a field, an argument and a deprecated field that Shopify does not want are refused', async () => {
  const { graphql } = visit();
  for (const query of [
    '{ customers(first: 1) { nodes { id birthday } } }',
    '{ customers(first: 1, colour: "red") { nodes { id } } }',
    '{ customers(first: 1) { nodes { id email } } }',
  ]) {
    const { errors, data } = await graphql(query);
    assert.ok(Array.isArray(errors), query);
    assert.equal(data, undefined);
  }
});

test('customers come by newest change, page after page', async () => {
  const { shop, clock, graphql } = visit();
  const query = `query ($after: String) {
    customers(first: 2, after: $after, sortKey: UPDATED_AT, reverse: true) {
      nodes { firstName } pageInfo { hasNextPage endCursor }
    }
  }`;
  for (const firstName of ['one', 'two', 'three']) {
    clock.pass(1);
    shop.create(aCustomer({ firstName }));
  }
  const { data } = await graphql(query);
  const endCursor = at(data, 'customers.pageInfo.endCursor');
  assert.deepEqual(data, {
    customers: {
      nodes: [{ firstName: 'three' }, { firstName: 'two' }],
      pageInfo: { hasNextPage: true, endCursor },
    },
  });
  const { data: rest } = await graphql(query, { after: endCursor });
  assert.deepEqual(at(rest, 'customers.nodes'), [{ firstName: 'one' }]);
});

test('updated_at matches whole days of the shop', async () => {
  const { shop, clock, graphql } = visit();
  const count = (day: string) =>
    graphql(`{ customersCount(query: "updated_at:>='${day}T23:59:59-05:00'") { count } }`);
  const before = await count('2026-11-02');
  assert.deepEqual(before.data, { customersCount: { count: 0 } });
  clock.pass(24 * 60 * 60);
  shop.create(aCustomer());
  const { data } = await count('2026-11-02');
  assert.deepEqual(data, { customersCount: { count: 1 } });
});

test('a metafield that is set to what it is, or taken away where there is none, is no change', async () => {
  const { shop, clock, graphql } = visit();
  shop.create(aCustomer());
  const [customerId = ''] = [...shop.customers.keys()].slice(-1);
  const key = { ownerId: toGid('Customer', customerId), namespace: 'app--12345', key: 'is_admin' };
  const { ownerId } = key;
  const messages: string[] = [];
  const stop = shop.subscribe(({ topic }) => messages.push(topic));
  const set = (value: string) =>
    graphql(
      'mutation ($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) { metafields { value } userErrors { code } } }',
      { metafields: [{ ownerId, key: 'is_admin', value }] },
    );
  await set('true');
  const stood = shop.metafields.find(key);
  clock.pass(60);
  const { data } = await set('true');
  assert.deepEqual(at(data, 'metafieldsSet'), { metafields: [{ value: 'true' }], userErrors: [] });
  assert.deepEqual(shop.metafields.find(key), stood);
  assert.deepEqual(messages, ['customers/update']);
  await set('false');
  shop.removeMetafield(key);
  shop.removeMetafield(key);
  assert.equal(messages.length, 3);
  stop();
});

test('an app-owned metafield leads to its metaobject, and a stale digest changes nothing', async () => {
  const { shop, graphql } = visit();
  shop.create(aCustomer({ firstName: 'Ada' }));
  const [customerId = ''] = [...shop.customers.keys()].slice(-1);
  const ownerId = toGid('Customer', customerId);
  shop.saveMetaobject({
    type: '$app:membership_plan',
    handle: 'gold',
    fields: { name: 'Gold', price: '9.50' },
  });
  const [plan] = shop.metaobjects.all.keys();
  const set = `mutation ($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) { metafields { compareDigest } userErrors { code elementIndex } }
  }`;
  const messages: string[] = [];
  const stop = shop.subscribe(({ topic }) => messages.push(topic));
  const metafield = {
    ownerId,
    key: 'membership_plan',
    value: toGid('Metaobject', plan ?? ''),
    compareDigest: null,
  };
  const first = await graphql(set, { metafields: [metafield] });
  assert.deepEqual(at(first.data, 'metafieldsSet.userErrors'), []);
  const second = await graphql(set, { metafields: [metafield] });
  assert.deepEqual(at(second.data, 'metafieldsSet'), {
    metafields: null,
    userErrors: [{ code: 'STALE_OBJECT', elementIndex: 0 }],
  });
  assert.deepEqual(messages, ['customers/update']);
  stop();
  const { data } = await graphql(
    `
      query ($ids: [ID!]!) {
        nodes(ids: $ids) {
          ... on Customer {
            firstName
            plan: metafield(namespace: "$app", key: "membership_plan") {
              reference {
                ... on Metaobject {
                  handle
                  type
                  fields {
                    key
                    jsonValue
                  }
                }
              }
            }
            admin: metafield(namespace: "$app", key: "is_admin") {
              jsonValue
            }
          }
        }
      }
    `,
    { ids: [ownerId, toGid('Customer', '1')] },
  );
  assert.equal(at(data, 'nodes.1'), null);
  assert.equal(at(data, 'nodes.0.admin'), null);
  assert.equal(at(data, 'nodes.0.plan.reference.type'), 'app--12345--membership_plan');
  assert.deepEqual(at(data, 'nodes.0.plan.reference.fields.0'), { key: 'name', jsonValue: 'Gold' });
  assert.deepEqual(at(data, 'nodes.0.plan.reference.fields.1'), { key: 'tier', jsonValue: null });
  assert.deepEqual(at(data, 'nodes.0.plan.reference.fields.2'), { key: 'price', jsonValue: '9.50' });
});

test('a metaobject whose handle is edited keeps its id, and no two of a type have one handle', async () => {
  const { shop, graphql } = visit();
  for (const handle of ['iron', 'steel'])
    shop.saveMetaobject({ type: '$app:membership_plan', handle, fields: { name: handle } });
  const { id = '' } = shop.metaobjects.byHandle('app--12345--membership_plan', 'iron') ?? {};
  const messages: string[] = [];
  const stop = shop.subscribe(({ topic }) => messages.push(topic));
  assert.throws(() => shop.renameMetaobject(id, 'steel'));
  shop.renameMetaobject(id, 'tin');
  stop();
  assert.deepEqual(messages, ['metaobjects/update']);
  const { data } = await graphql('query ($id: ID!) { metaobject(id: $id) { handle } }', {
    id: toGid('Metaobject', id),
  });
  assert.deepEqual(data, { metaobject: { handle: 'tin' } });
});

test('customers are found by a tag, whatever its case', async () => {
  const { shop, graphql } = visit();
  shop.create(aCustomer({ firstName: 'Tagged', tags: ['Member:Gold-1'] }));
  shop.create(aCustomer({ tags: ['member:gold'] }));
  const { data } = await graphql(
    'query ($query: String!) { customers(first: 5, query: $query) { nodes { firstName } } }',
    { query: 'tag:"member:gold-1"' },
  );
  assert.deepEqual(at(data, 'customers.nodes'), [{ firstName: 'Tagged' }]);
});
