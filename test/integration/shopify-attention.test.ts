import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { runJob } from '../support/jobs.ts';
import { openPage } from '../support/merchant.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { changeSession } from '../support/shop-sessions.ts';

let ahead = 0;
const running = useRollcall({}, (program) => openPage(program), {
  overrides: { now: () => new Date(Date.now() + ahead) },
  installed: false,
});
const shop = (domain = SHOP) => running().shops.shop(domain);

async function attention(domain = SHOP): Promise<Map<string, string>> {
  const { status, body } = await as(running(), domain).get('/api/sync');
  assert.equal(status, 200);
  return new Map(body.attention.map(({ code, message }: Record<string, string>) => [code, message]));
}
const said = async (code: string, domain = SHOP) => (await attention(domain)).get(code) ?? '';

const counted = async (where: string) => {
  const { values } = await running().rollcall.context.metrics.apiVersionDiffers.get();
  return values.find(({ labels }) => labels.where === where)?.value ?? 0;
};
const deliver = (version: string, domain = SHOP) =>
  running().post(aCustomerUpdate(), { shop: domain, headers: { 'x-shopify-api-version': version } });

describe('a version of the API that is not ours', () => {
  test('is counted and needs attention, from an answer, until it is ours again', async () => {
    assert.equal(await said('api_version'), '');
    shop().faults.apiVersion = '2027-01';
    await runJob(running(), 'plans');
    await eventually(async () => assert.match(await said('api_version'), /2027-01 in place of 2026-10/));
    assert.ok((await counted('admin_api')) > 0);
    shop().faults.apiVersion = undefined;
    await runJob(running(), 'plans');
    await eventually(async () => assert.equal(await said('api_version'), ''));
  });

  test('is counted and needs attention, from a delivery, which is kept', async () => {
    assert.equal(await deliver('2026-07'), 200);
    await eventually(async () => assert.match(await said('api_version'), /2026-07/));
    assert.equal(await deliver('unstable'), 200);
    await eventually(async () => assert.match(await said('api_version'), /unstable/));
    assert.equal(await counted('webhooks'), 2);
    assert.equal(await deliver('2026-10'), 200);
    await eventually(async () => assert.equal(await said('api_version'), ''));
  });

  test('stands for a day after it was told last, whichever process heard it', async () => {
    const { states } = running().rollcall.ledger;
    await states.recordApiVersion(SHOP, 'webhooks', '2026-07');
    assert.match(await said('api_version'), /2026-07/);
    ahead = 25 * 3_600_000;
    assert.equal(await said('api_version'), '');
    ahead = 0;
    await states.recordApiVersion(SHOP, 'webhooks', undefined);
  });

  test('is told of no shop that has not installed the app, and not by what is no version', async () => {
    const before = await counted('webhooks');
    for (const odd of ['<b>', '2026-10-01', '', 'x'.repeat(500)]) assert.equal(await deliver(odd), 200, odd);
    assert.equal(await counted('webhooks'), before);
    assert.equal(await deliver('2026-07', 'stranger.myshopify.com'), 200);
    // A later one of a shop that has the app: by then the earlier would have been noted too.
    await deliver('2026-07');
    await eventually(async () => assert.match(await said('api_version'), /2026-07/));
    const items = JSON.stringify(await running().ledger('stranger.myshopify.com'));
    assert.doesNotMatch(items, /api_version/);
  });
});

describe('scopes that the shop has not granted', () => {
  const update = (current: string[]) =>
    running().post({
      topic: 'app/scopes_update',
      body: JSON.stringify({
        id: 1,
        previous: [],
        current,
        updated_at: new Date(Date.now() + 60_000).toISOString(),
      }),
    });

  test('need attention with the way to approve them, as the webhook says, and until it says otherwise', async () => {
    assert.equal(await said('scopes_missing'), '');
    await update(['read_customers', 'read_metaobjects']);
    const message = await said('scopes_missing');
    assert.match(message, /write_customers, read_customer_merge, write_metaobject_definitions/);
    assert.match(message, /shopify app deploy.*open the app/);
  });

  test('need attention as the token says where no webhook has said it', async () => {
    shop(OTHER_SHOP).app.grantScope('write_customers,read_metaobjects');
    assert.match(
      await said('scopes_missing', OTHER_SHOP),
      /read_customer_merge, write_metaobject_definitions/,
    );
    await changeSession(running(), OTHER_SHOP, { scope: '' });
    assert.equal(await said('scopes_missing', OTHER_SHOP), '', 'nothing is known');
  });
});
