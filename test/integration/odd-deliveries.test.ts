import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import request from 'supertest';
import { customerPayload } from '../../simulator/webhooks/payloads.ts';
import type { Oddity } from '../../simulator/webhooks/odd-deliveries.ts';
import { OPERATOR } from '../../src/ledger/dead-letters.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { runJob } from '../support/jobs.ts';
import { createCustomer, openPage } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall({}, openPage);
const shop = () => running().shops.shop(SHOP).shop;
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);

function updateOf(id: string, isFor = shop()) {
  const customer = isFor.customers.get(id);
  assert.ok(customer !== undefined);
  return { topic: 'customers/update', body: customerPayload(customer, -300) };
}

describe('of a profile that cannot be read the id is used: Shopify is asked, and the letter goes with the snapshot', () => {
  for (const oddity of ['null_times', 'blank_time', 'number_for_name', 'latin1'] satisfies Oddity[])
    test(oddity, async () => {
      const id = createCustomer(shop(), { firstName: 'Known', email: `${oddity}@example.com` });
      assert.equal(await running().postOdd(updateOf(id), oddity), 200);
      const letter = (await running().deadLetters(SHOP)).find((kept) => kept['shopify_id'] === id);
      // The snapshot may have come already.
      if (letter !== undefined) assert.equal(letter['topic'], 'customers/update');
      await eventually(async () => {
        assert.equal((await itemOf(id))?.['first_name'], 'Known');
        assert.deepEqual(await running().deadLetters(SHOP), []);
      });
      assert.deepEqual(await running().ledger(`${SHOP}#pending_refresh`), []);
    });

  test('whose snapshot does not come: the letter stays, and the next reconcile still knows', async () => {
    const id = createCustomer(shop());
    running().shops.shop(SHOP).faults.next('forbidden', { on: 'graphql' });
    assert.equal(await running().postOdd(updateOf(id), 'null_times'), 200);
    await eventually(async () => {
      const [pending] = await running().ledger(`${SHOP}#pending_refresh`);
      assert.deepEqual([pending?.['sk'], pending?.['failed'], pending?.['has_letter']], [id, true, true]);
    });
    const [letter] = await running().deadLetters(SHOP);
    assert.equal(letter?.['shopify_id'], id);
    assert.match(String(letter?.['reason']), /updated_at/);
    await runJob(running(), 'reconcile');
    assert.deepEqual(await running().deadLetters(SHOP), []);
    assert.deepEqual(await running().ledger(`${SHOP}#pending_refresh`), []);
  });

  test('the letter is about the customer, the topic and the field, in the log too, and holds no value', () => {
    const line = running()
      .logged()
      .split('\n')
      .find((text) => text.includes('"dead_letter"') && text.includes('first_name'));
    const { topic, shopify_id, reason } = JSON.parse(line ?? '{}');
    assert.equal(topic, 'customers/update');
    assert.match(String(shopify_id), /^\d+$/);
    assert.match(reason, /first_name/);
  });
});

test('a body that is no JSON object is kept as a dead letter', async () => {
  for (const oddity of ['not_json', 'empty', 'no_object'] as const) {
    const shopName = `${oddity.replace('_', '-')}.myshopify.com`;
    assert.equal(await running().postOdd(aCustomerUpdate(), oddity, { shop: shopName }), 200);
    const letters = await running().deadLetters(shopName);
    assert.deepEqual(
      letters.map(({ reason }) => reason),
      ['The body is no JSON object'],
      oddity,
    );
  }
});

test('a byte order mark is skipped', async () => {
  assert.equal(await running().postOdd(aCustomerUpdate({ id: '4801' }), 'byte_order_mark'), 200);
  assert.equal((await itemOf('4801'))?.['first_name'], 'Bob');
});

test('without an id of the delivery, or with one that fits no key, the body stands for it', async () => {
  const domain = 'no-ids.myshopify.com';
  const message = { topic: 'customers/update', body: '{"first_name":"Bob"}' };
  for (const oddity of ['no_delivery_id', 'long_headers', 'no_delivery_id'] as const)
    assert.equal(await running().postOdd(message, oddity, { shop: domain }), 200);
  const other = { ...message, body: '{"first_name":"Eve"}' };
  assert.equal(await running().postOdd(other, 'no_delivery_id', { shop: domain }), 200);
  assert.equal((await running().deadLetters(domain)).length, 2);
});

test('two unreadable updates of one event are two letters, since create and update share it', async () => {
  const domain = 'one-event.myshopify.com';
  const headers = { 'x-shopify-event-id': 'event-1' };
  for (const body of ['{"first_name":"Bob"}', '{"first_name":"Eve"}'])
    await running().post({ topic: 'customers/update', body }, { shop: domain, headers });
  assert.equal((await running().deadLetters(domain)).length, 2);
});

test('unreadable deliveries of one event about the app are one letter', async () => {
  const domain = 'one-app-event.myshopify.com';
  const headers = { 'x-shopify-event-id': 'event-1' };
  for (let delivery = 0; delivery < 3; delivery += 1)
    await running().post({ topic: 'app/scopes_update', body: '{"current":1}' }, { shop: domain, headers });
  assert.equal((await running().deadLetters(domain)).length, 1);
});

test('a delivery without its topic is kept as a letter named unknown', async () => {
  const domain = 'no-topic.myshopify.com';
  assert.equal(await running().postOdd(aCustomerUpdate(), 'no_topic', { shop: domain }), 200);
  const letters = await running().deadLetters(domain);
  assert.deepEqual(
    letters.map(({ topic }) => topic),
    ['unknown'],
  );
});

test('the shop comes from the signed body where the header has none', async () => {
  const domain = 'named-in-body.myshopify.com';
  await running().rollcall.ledger.installs.record(domain, {
    kind: 'confirmed',
    at: '2026-01-01T00:00:00.000Z',
  });
  const body = JSON.stringify({ id: 1, domain: null, myshopify_domain: domain });
  assert.equal(await running().postOdd({ topic: 'app/uninstalled', body }, 'no_shop'), 200);
  assert.equal(await running().rollcall.ledger.installs.status(domain), 'uninstalled');
});

test('what names no shop anywhere is kept for the operator and counted', async () => {
  const metrics = async () => (await request(running().rollcall.app).get('/metrics')).text;
  const countOf = (text: string) => Number(/rollcall_unattributed_total (\d+)/.exec(text)?.[1]);
  const before = countOf(await metrics());
  assert.equal(await running().postOdd(aCustomerUpdate({ id: '4802' }), 'no_shop'), 200);
  assert.equal(await running().postOdd(aCustomerUpdate({ id: '4803' }), 'no_headers'), 200);
  const letters = await running().deadLetters(OPERATOR);
  assert.deepEqual(new Set(letters.map(({ topic }) => topic)), new Set(['customers/update', 'unknown']));
  assert.ok(letters.some((letter) => letter['shopify_id'] === '4802'));
  assert.equal(countOf(await metrics()) - before, 2);
});

test('names and e-mail that are withheld leave what stands, and Shopify is asked', async () => {
  const id = createCustomer(shop(), { firstName: 'Stays', lastName: 'Here', email: 'stays@example.com' });
  assert.equal(await running().post(updateOf(id)), 200);
  await eventually(async () => assert.equal((await itemOf(id))?.['email'], 'stays@example.com'));
  shop().update(id, { state: 'enabled' });
  assert.equal(await running().postOdd(updateOf(id), 'withheld'), 200);
  const item = await itemOf(id);
  assert.deepEqual(
    [item?.['email'], item?.['first_name'], item?.['last_name']],
    ['stays@example.com', 'Stays', 'Here'],
  );
});
