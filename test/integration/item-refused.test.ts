import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { as } from '../support/api.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { runFullSync } from '../support/full-sync.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setPlan, told } from '../support/merchant.ts';

const running = useRollcall({}, async (program) => {
  await openPage(program);
  await runDueJobs(program);
});
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true);

/** Whom the page names for that reason. */
async function refused(): Promise<string[]> {
  const { attention } = (await as(running()).get('/api/sync')).body;
  return attention
    .filter(({ code }: { code: string }) => code === 'item_refused')
    .map(({ user_id }: { user_id: string }) => user_id);
}

/** Another program leaves a few bytes of the 400 KB that an item may have. */
async function fill(id: string, fields: object = {}): Promise<void> {
  const notes = 'x'.repeat(400 * 1024 - 200);
  await running().putItem({ user_id: `${SHOP}#${id}`, ...fields, notes });
}

/** A customer whose item is full, until the test is over, and another one. */
async function aFullOne(t: TestContext): Promise<{ full: string; other: string }> {
  const full = createCustomer(shop(), { firstName: 'Full' });
  await fill(full);
  t.after(async () => {
    if (shop().customers.has(full)) shop().remove(full);
    await running().putItem({ user_id: `${SHOP}#${full}` });
  });
  return { full, other: createCustomer(shop(), { firstName: 'Other' }) };
}

async function sendWebhook(id: string): Promise<void> {
  const headers = { 'x-shopify-webhook-id': `full-${id}` };
  assert.equal(await running().post(aCustomerUpdate({ id }), { headers }), 200);
}

test('a webhook of an item that is full is answered 200 and set aside', async (t) => {
  const { full } = await aFullOne(t);
  await sendWebhook(full);
  const letters = await running().deadLetters(SHOP);
  const letter = letters.find(({ sk }) => sk === `full-${full}`);
  assert.match(String(letter?.['reason']), /refuses the item.*DynamoDB says: .*size/i);
  assert.equal(letter?.['shopify_id'], full);
});

test('an item with another type in an attribute: the letter and what needs attention name customer, topic, attribute and DynamoDB’s sentence', async () => {
  for (const [n, revision] of ['secret@example.com', true].entries()) {
    const id = createCustomer(shop(), { firstName: 'Typed' });
    await running().putItem({ user_id: `${SHOP}#${id}`, revision });
    await sendWebhook(id);
    const letter = (await running().deadLetters(SHOP)).find(({ sk }) => sk === `full-${id}`);
    assert.equal(letter?.['shopify_id'], id, String(n));
    assert.match(String(letter?.['reason']), /operand.*incorrect data type.*revision/i);
    await eventually(async () => {
      const { attention } = (await as(running()).get('/api/sync')).body;
      const entry = attention.find(({ user_id }: { user_id: string }) => user_id === `${SHOP}#${id}`);
      assert.equal(entry?.code, 'item_refused');
      assert.match(entry.message, /customers\/update.*incorrect data type.*revision/i);
    });
    shop().remove(id);
    await running().putItem({ user_id: `${SHOP}#${id}` });
  }
  assert.equal(running().logged().includes('secret@example.com'), false);
});

test('a full sync counts it as failed, brings everybody else, and names the person', async (t) => {
  await runFullSync(running());
  const { full, other } = await aFullOne(t);
  const { complete, failed, written } = await runFullSync(running());
  assert.deepEqual([complete, failed, written], [false, 1, 1]);
  assert.equal((await userOf(other))?.first_name, 'Other');
  assert.ok((await refused()).includes(`${SHOP}#${full}`));
  assert.equal((await refused()).includes(`${SHOP}#${other}`), false);
});

test('reconciling goes on past it', async (t) => {
  const { full, other } = await aFullOne(t);
  shop().update(full, { lastName: 'Later' });
  shop().update(other, { lastName: 'Later' });
  await runJob(running(), 'reconcile');
  await eventually(async () => assert.equal((await userOf(other))?.last_name, 'Later'));
  const { last_change_at } = (await as(running()).get('/api/sync')).body;
  assert.equal(
    last_change_at.slice(0, 19),
    shop().customers.get(other)?.updatedAt.toISOString().slice(0, 19),
  );
});

test('a plan that changes reaches the other members', async () => {
  const other = createCustomer(shop());
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  await runJob(running(), 'plans');
  await running().post(told(setPlan(shop(), other, 'gold')));
  await eventually(async () => assert.equal((await userOf(other))?.membership_id, 'gold'));
  const membership = { id: 'gold', version: '2020-01-01T00:00:00.000Z' };
  const created_at = '2020-01-01T00:00:00.000Z';
  await fill('77', { membership_id: `${SHOP}#gold`, membership, created_at });
  savePlan(shop(), 'gold', {
    name: 'Gold, and a name that is long enough not to fit into what is left of the item',
  });
  await eventually(async () => {
    await runJob(running(), 'plans');
    assert.match(String((await userOf(other))?.membership?.['name']), /long enough/);
    assert.match(running().logged(), /"written":1,"msg":"plan fanned out"/);
  });
  assert.match(running().logged(), new RegExp(`"user_id":"${SHOP}#77".*"msg":"plan not copied"`));
});

test('a role that does not fit the item is set at Shopify, and the answer says so', async () => {
  const id = createCustomer(shop(), { firstName: 'Whole' });
  assert.equal(await running().post(aCustomerUpdate({ id })), 200);
  const item = await running().item(`${SHOP}#${id}`);
  // The largest that DynamoDB takes, within less than a role needs.
  for (let free = 0, isFull = false; !isFull; free += 20)
    isFull = await running()
      .putItem({ ...item, notes: 'x'.repeat(400 * 1024 - 300 - free) })
      .then(
        () => true,
        () => false,
      );
  const path = `/api/users/${encodeURIComponent(`${SHOP}#${id}`)}/roles`;
  const { status, body } = await as(running()).post(path, { is_admin: true });
  assert.deepEqual([status, body.error?.code], [409, 'item_refused']);
  const ownerId = `gid://shopify/Customer/${id}`;
  const flag = shop().metafields.find({ ownerId, namespace: 'app--12345', key: 'is_admin' });
  assert.equal(flag?.value, 'true');

  await running().putItem({ ...item });
  const again = await as(running()).post(path, { is_admin: true });
  assert.deepEqual([again.status, again.body.is_admin], [200, true]);
});

test('when the item has room again, the letter can be brought in, and the note is gone', async (t) => {
  const { full } = await aFullOne(t);
  shop().update(full, { lastName: 'Later' });
  await sendWebhook(full);
  await runFullSync(running());
  assert.ok((await refused()).includes(`${SHOP}#${full}`));
  await running().putItem({ user_id: `${SHOP}#${full}`, notes: 'short' });
  const { body } = await as(running()).post(`/api/dead-letters/full-${full}/retry`);
  // The refresh that the webhook asked for may come between, and is newer.
  assert.ok(['written', 'stale'].includes(body.received), body.received);
  assert.equal(
    (await running().deadLetters(SHOP)).some(({ sk }) => sk === `full-${full}`),
    false,
  );
  await eventually(async () => assert.equal((await userOf(full))?.last_name, 'Later'));
  await eventually(async () => assert.equal((await refused()).includes(`${SHOP}#${full}`), false));
});

test('a person whose item is full is erased all the same', async () => {
  await fill('88', { more: 'y'.repeat(60) });
  assert.equal(await running().post({ topic: 'customers/delete', body: '{"id": 88}' }), 200);
  assert.equal((await running().item(`${SHOP}#88`))?.['deleted_at'], undefined, 'no room for a tombstone');
  const body = JSON.stringify({ shop_domain: SHOP, customer: { id: 88 } });
  assert.equal(await running().post({ topic: 'customers/redact', body }), 200);
  const erased = Object.keys((await running().item(`${SHOP}#88`)) ?? {}).toSorted();
  assert.deepEqual(erased, ['expires_at', 'redacted_at', 'revision', 'user_id']);
});
