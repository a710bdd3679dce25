import assert from 'node:assert/strict';
import request from 'supertest';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { aCustomerUpdate, aFixture } from '../support/customer-update.ts';
import { OPERATOR } from '../../src/ledger/dead-letters.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall();
const openDemands = (domain = SHOP) => running().rollcall.ledger.privacyRequests.open(domain);
const done = (domain = SHOP) => running().ledger(`${domain}#receipt`);

/** A documented compliance payload, of a shop that exists. */
const demand = (topic: string, domain = SHOP) => {
  const { body } = aFixture(topic);
  return { topic, body: body.replace('{shop}.myshopify.com', domain) };
};

describe('customers/redact', () => {
  test('erases the person at once, with what other programs have written, and is recorded as done', async () => {
    const user_id = `${SHOP}#191167`;
    await running().post(aCustomerUpdate({ id: '191167' }));
    await running().putItem({ ...(await running().item(user_id)), bio: 'Writes books' });
    assert.equal(await running().post(demand('customers/redact')), 200);
    const { redacted_at, expires_at, revision, ...rest } = (await running().item(user_id)) ?? {};
    assert.deepEqual(rest, { user_id });
    assert.equal(typeof redacted_at, 'string');
    assert.ok(Number(expires_at) > Date.now() / 1000 && Number(revision) > 1);
    const [receipt = {}] = await done();
    const { pk: _pk, sk: _sk, received_at: _at, deadline: _deadline, done_at, ...kept } = receipt;
    assert.equal(typeof done_at, 'string');
    // Whom to erase again after a restore, and nothing else of them.
    assert.deepEqual(kept, { topic: 'customers/redact', shopify_id: '191167' });
    assert.deepEqual(await openDemands(), []);
  });

  test('stays erased, whatever comes later, and may be delivered again', async () => {
    assert.equal(
      await running().post(aCustomerUpdate({ id: '191167', updated_at: '2030-01-01T00:00:00Z' })),
      200,
    );
    assert.equal(await running().post(demand('customers/redact')), 200);
    assert.equal('email' in ((await running().item(`${SHOP}#191167`)) ?? {}), false);
  });

  test('that names an e-mail only is recorded as something to be done', async () => {
    const domain = 'mail-only.myshopify.com';
    const body = JSON.stringify({ shop_domain: domain, customer: { email: 'john@example.com' } });
    assert.equal(await running().post({ topic: 'customers/redact', body }, { shop: domain }), 200);
    const [{ topic, shopifyId, email } = {}] = await openDemands(domain);
    assert.deepEqual([topic, shopifyId, email], ['customers/redact', undefined, 'john@example.com']);
    assert.deepEqual(await done(domain), []);
  });

  for (const [name, customer] of Object.entries({
    null: { id: null, email: 'john@example.com' },
    zero: { id: 0, email: 'john@example.com' },
    text: { id: 'john', email: 'john@example.com' },
    nobody: null,
  }))
    test(`whose id cannot be used (${name}) is recorded with its deadline`, async () => {
      const domain = `unusable-${name}.myshopify.com`;
      const body = JSON.stringify({ shop_domain: domain, customer });
      assert.equal(await running().post({ topic: 'customers/redact', body }, { shop: domain }), 200);
      const [{ email, deadline } = {}] = await openDemands(domain);
      assert.equal(email, customer?.email);
      assert.ok(Date.parse(deadline ?? '') > Date.now());
      assert.deepEqual(await running().deadLetters(domain), []);
    });

  test('with more orders than an item holds is recorded all the same', async () => {
    const domain = 'many-orders.myshopify.com';
    const orders_to_redact = Array.from({ length: 60_000 }, (_, n) => 299_938_000_000 + n);
    const customer = { email: 'john@example.com' };
    const body = JSON.stringify({ shop_domain: domain, customer, orders_to_redact });
    assert.equal(await running().post({ topic: 'customers/redact', body }, { shop: domain }), 200);
    assert.equal((await openDemands(domain)).length, 1);
  });
});

for (const topic of ['customers/data_request', 'shop/redact'])
  test(`${topic} is recorded with its deadline of 30 days, once for all its deliveries`, async () => {
    const domain = `${topic.replace('/', '-').replace('_', '-')}.myshopify.com`;
    let delivery = 0;
    const deliver = () => {
      const headers = {
        'x-shopify-event-id': 'event-1',
        'x-shopify-webhook-id': `delivery-${(delivery += 1)}`,
      };
      return running().post(demand(topic, domain), { shop: domain, headers });
    };
    assert.equal(await deliver(), 200);
    const found = await openDemands(domain);
    assert.equal(await deliver(), 200);
    assert.deepEqual(await openDemands(domain), found, 'the first deadline stands');
    assert.equal(found.length, 1);
    const days = (Date.parse(found[0]?.deadline ?? '') - Date.parse(found[0]?.receivedAt ?? '')) / 86_400_000;
    assert.deepEqual([found[0]?.topic, days], [topic, 30]);
    const ids = topic === 'shop/redact' ? [undefined, undefined] : ['191167', '9999'];
    assert.deepEqual([found[0]?.shopifyId, found[0]?.dataRequestId], ids);
    assert.deepEqual(await done(domain), []);
  });

test('two people of one event are two requests', async () => {
  const domain = 'two-people.myshopify.com';
  const headers = { 'x-shopify-event-id': 'event-1' };
  for (const id of [1, 2, 2]) {
    const body = JSON.stringify({ shop_domain: domain, customer: { id } });
    assert.equal(
      await running().post({ topic: 'customers/data_request', body }, { shop: domain, headers }),
      200,
    );
  }
  assert.deepEqual(
    (await openDemands(domain)).map(({ shopifyId }) => shopifyId),
    ['1', '2'],
  );
});

test('a privacy request belongs to the shop of its signed body, whatever the header says, and the disagreement is counted', async () => {
  const domain = 'mismatch.myshopify.com';
  for (const shop of [domain, OTHER_SHOP]) await running().post(aCustomerUpdate({ id: '191167' }), { shop });
  assert.equal(await running().post(demand('customers/redact', OTHER_SHOP), { shop: domain }), 200);
  assert.equal((await running().item(`${domain}#191167`))?.['first_name'], 'Bob');
  assert.equal((await running().item(`${OTHER_SHOP}#191167`))?.['first_name'], undefined);
  assert.deepEqual(await running().deadLetters(domain), []);
  const { text } = await request(running().rollcall.app).get('/metrics');
  assert.match(text, /rollcall_shop_disagreements_total 1/);
});

test('a redaction without X-Shopify-Shop-Domain is carried out for the shop of its signed body', async () => {
  for (const [n, oddity] of (['no_shop', 'no_delivery_id', 'byte_order_mark'] as const).entries()) {
    const id = String(88_000 + n);
    await running().post(aCustomerUpdate({ id }));
    const body = JSON.stringify({ shop_domain: SHOP, customer: { id: Number(id) } });
    assert.equal(await running().postOdd({ topic: 'customers/redact', body }, oddity), 200);
    assert.equal(typeof (await running().item(`${SHOP}#${id}`))?.['redacted_at'], 'string', oddity);
  }
});

test('a redaction that names no usable shop is kept for the operator with its deadline, once for all deliveries', async () => {
  for (const domain of [undefined, 'toys.example.com', '{shop}.myshopify.com']) {
    const body = JSON.stringify({ shop_domain: domain, customer: { id: 99 } });
    const headers = { 'x-shopify-event-id': `event-${domain?.length}` };
    const message = { topic: 'customers/redact', body };
    for (let delivery = 0; delivery < 2; delivery += 1)
      assert.equal(await running().post(message, { headers }), 200);
  }
  const open = await openDemands(OPERATOR);
  assert.deepEqual(
    open.map(({ shopifyId, namedShop }) => [shopifyId, namedShop]),
    Array.from({ length: 3 }, () => ['99', SHOP]),
  );
  assert.ok(open.every(({ deadline }) => Date.parse(deadline) > Date.now()));
});

test('a redaction whose body cannot be read is kept for the operator, whole', async () => {
  for (const oddity of ['not_json', 'empty', 'no_object'] as const) {
    const before = (await openDemands(OPERATOR)).length;
    assert.equal(await running().postOdd({ topic: 'customers/redact', body: '' }, oddity), 200);
    assert.equal((await openDemands(OPERATOR)).length, before + 1, oddity);
  }
  const bodies = new Set((await running().deadLetters(OPERATOR)).map(({ body }) => body));
  for (const body of ['{', '', '[1]']) assert.ok(bodies.has(body), body);
});

test('a privacy request is handled although the app is uninstalled', async () => {
  const domain = 'left.myshopify.com';
  await running().rollcall.ledger.installs.record(domain, {
    kind: 'uninstalled',
    at: '2026-01-01T00:00:00.000Z',
  });
  assert.equal(await running().post(demand('shop/redact', domain), { shop: domain }), 200);
  assert.equal((await openDemands(domain)).length, 1);
});

test('every open privacy request is listed under what needs attention, with its deadline', async () => {
  const byMail = JSON.stringify({ shop_domain: SHOP, customer: { email: 'john@example.com' } });
  const open = [
    demand('customers/data_request'),
    demand('shop/redact'),
    { topic: 'customers/redact', body: byMail },
  ];
  for (const message of open) assert.equal(await running().post(message), 200);
  const { body } = await as(running()).get('/api/sync').expect(200);
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  assert.deepEqual(
    new Set(body.attention.map(({ message }: { message: string }) => message)),
    new Set(open.map(({ topic }) => `${topic} has to be done by ${day}`)),
  );
});
