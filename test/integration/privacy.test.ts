import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { aCustomerUpdate, aFixture } from '../support/customer-update.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

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
    const headers = { 'x-shopify-webhook-id': 'delivery-1' };
    const deliver = () => running().post(demand(topic, domain), { shop: domain, headers });
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

test('a demand whose body is another shop’s than its header is set aside, and nobody is erased', async () => {
  const domain = 'mismatch.myshopify.com';
  await running().post(aCustomerUpdate({ id: '191167' }), { shop: domain });
  assert.equal(await running().post(demand('customers/redact'), { shop: domain }), 200);
  assert.equal((await running().item(`${domain}#191167`))?.['first_name'], 'Bob');
  assert.equal((await running().deadLetters(domain)).length, 1);
});

test('a demand counts although the app is uninstalled', async () => {
  const domain = 'left.myshopify.com';
  await running().rollcall.ledger.installs.record(domain, {
    kind: 'uninstalled',
    at: '2026-01-01T00:00:00.000Z',
  });
  assert.equal(await running().post(demand('shop/redact', domain), { shop: domain }), 200);
  assert.equal((await openDemands(domain)).length, 1);
});

test('every demand that is not done stands under what needs attention, with its deadline', async () => {
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
