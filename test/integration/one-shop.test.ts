import { QueryCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { OPERATOR } from '../../src/ledger/dead-letters.ts';
import { createCursors } from '../../src/users/lists/cursor.ts';
import { createMembers } from '../../src/users/members.ts';
import { aCustomerUpdate, BOB_ID } from '../support/customer-update.ts';
import { instant, putItems } from '../support/user-items.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall({ SHOP, ACTIVE_STATES: 'enabled,invited' }, undefined, { installed: false });

test('the values of index keys are literal, and the shop counts as installed', async () => {
  await running().post(aCustomerUpdate({ state: 'invited' }));
  assert.equal((await running().item(`${SHOP}#${BOB_ID}`))?.['is_active'], 'true');
});

test('a webhook of another shop is answered 200 and dropped', async () => {
  const shop = 'other.myshopify.com';
  assert.equal(await running().post(aCustomerUpdate(), { shop }), 200);
  assert.equal(await running().item(`${shop}#${BOB_ID}`), undefined);
  assert.match(running().logged(), /"received":"other_shop"/);
});

test('a privacy request of another shop is kept for the operator with its deadline, not dropped', async () => {
  const shop = 'other.myshopify.com';
  for (const topic of ['customers/redact', 'customers/data_request', 'shop/redact']) {
    const body = JSON.stringify({ shop_domain: shop, customer: { id: 7, email: 'john@example.com' } });
    assert.equal(await running().post({ topic, body }, { shop }), 200);
  }
  const open = await running().rollcall.ledger.privacyRequests.open(OPERATOR);
  assert.deepEqual(open.map(({ topic }) => topic).toSorted(), [
    'customers/data_request',
    'customers/redact',
    'shop/redact',
  ]);
  for (const { namedShop, deadline } of open) {
    assert.equal(namedShop, shop);
    assert.ok(Date.parse(deadline) > Date.now());
  }
  const { text } = await request(running().rollcall.app).get('/metrics');
  assert.match(text, /rollcall_unattributed_total 3/);
});

test('a plan is not copied into members of another shop that were written under literal keys once', async () => {
  const { engine, table } = running();
  const gold = { membership_id: 'gold', membership: { id: 'gold' } };
  await putItems(engine.client, table('users'), [
    { user_id: 'other.myshopify.com#9', shop: 'other.myshopify.com', created_at: instant(9), ...gold },
    { user_id: 'u-8', created_at: instant(8), ...gold },
  ]);
  const client = DynamoDBDocumentClient.from(engine.client);
  const context = {
    client,
    table: table('users'),
    shop: SHOP,
    oneShop: true,
    activeStates: new Set<string>(),
  };
  const ofGold = createMembers({ ...context, cursors: createCursors(['secret']) });
  const { members } = await ofGold.page('gold', 50, undefined);
  assert.deepEqual(
    members.map(({ userId }) => userId),
    ['u-8'],
  );
});

test("another program's raw reads of the contract's indexes give whole items", async () => {
  const { engine, table } = running();
  const admin = { is_admin: 'true', bio: 'Writes books' };
  const rows = [
    { user_id: 'u-1', created_at: instant(1), ...admin },
    { user_id: 'u-2', created_at: instant(2), shop: SHOP, shopify_id: '4711', ...admin },
    { user_id: 'u-3', created_at: instant(3), is_admin: 'false' },
  ];
  await putItems(engine.client, table('users'), rows);

  const read = async (IndexName: string, condition: string, values: Record<string, AttributeValue>) => {
    const TableName = table('users');
    const query = {
      TableName,
      IndexName,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: values,
    };
    return (await engine.client.send(new QueryCommand(query))).Items;
  };
  const after = { ':true': { S: 'true' }, ':x': { S: instant(1) } };
  const whole = {
    user_id: { S: 'u-2' },
    created_at: { S: instant(2) },
    shop: { S: SHOP },
    shopify_id: { S: '4711' },
  };
  const expected = [{ ...whole, is_admin: { S: 'true' }, bio: { S: 'Writes books' } }];
  assert.deepEqual(
    await read('admin-created_at-index', 'is_admin = :true AND created_at > :x', after),
    expected,
  );
  assert.deepEqual(await read('shopify_id-index', 'shopify_id = :id', { ':id': { S: '4711' } }), expected);

  const { users } = await running().rollcall.usersOf(SHOP).list({ by: 'admin' }, { limit: 25 });
  assert.deepEqual(
    users.map(({ user_id }) => user_id),
    ['u-2', 'u-1'],
    "also the row without a shop is the shop's",
  );
});
