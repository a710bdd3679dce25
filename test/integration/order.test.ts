import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../simulator/shop/shop.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall();

let nextId = 1000;
/** A customer nobody else's test uses. */
const someId = () => String((nextId += 1));
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);

async function deliverAll(messages: readonly Message[]): Promise<void> {
  for (const message of messages) assert.equal(await running().post(message), 200);
}

test('an older update does not overwrite a newer one', async () => {
  const id = someId();
  const newer = aCustomerUpdate({ id, updated_at: '2022-01-01T00:00:00+01:00', first_name: 'Newer' });
  // As text, this time is greater; it is two hours older.
  const older = aCustomerUpdate({ id, updated_at: '2022-01-01T00:00:00+03:00', first_name: 'Older' });
  await deliverAll([newer, older]);
  assert.equal((await itemOf(id))?.['first_name'], 'Newer');
});

test('two contents of one second end in the same one in both orders', async () => {
  const [one, two] = [someId(), someId()];
  const a = (id: string) => aCustomerUpdate({ id, first_name: 'A' });
  const b = (id: string) => aCustomerUpdate({ id, first_name: 'B' });
  await deliverAll([a(one), b(one), b(two), a(two)]);
  assert.equal((await itemOf(one))?.['first_name'], (await itemOf(two))?.['first_name']);
});

test('a delivery that comes twice changes nothing the second time', async () => {
  const id = someId();
  await deliverAll([aCustomerUpdate({ id })]);
  const first = await itemOf(id);
  await deliverAll([aCustomerUpdate({ id })]);
  assert.deepEqual(await itemOf(id), first);
});

test('fifty deliveries of one new customer at once make one user', async () => {
  const id = someId();
  const messages = Array.from({ length: 50 }, (_, n) =>
    aCustomerUpdate({ id, updated_at: `2022-01-01T00:00:${String(n).padStart(2, '0')}Z`, last_name: `${n}` }),
  );
  const statuses = await Promise.all(messages.map((message) => running().post(message)));
  // A busy machine's engine may take too long for one of so many at once; Shopify then delivers it again.
  for (const [n, message] of messages.entries())
    if (statuses[n] === 503) statuses[n] = await running().post(message);
  assert.deepEqual(new Set(statuses), new Set([200]));
  assert.equal((await itemOf(id))?.['last_name'], '49');
  assert.equal((await running().rollcall.usersOf(SHOP).getByShopifyId(id))?.user_id, `${SHOP}#${id}`);
});

test('an update that comes before its create makes the user, and the create changes nothing', async () => {
  const id = someId();
  const update = aCustomerUpdate({ id, updated_at: '2022-01-01T00:00:09Z', first_name: 'Updated' });
  await deliverAll([update, { ...aCustomerUpdate({ id }), topic: 'customers/create' }]);
  const item = await itemOf(id);
  assert.equal(item?.['first_name'], 'Updated');
  assert.equal(item?.['created_at'], '2022-01-01T00:00:00.000Z');
});

test('an update after the deletion does not bring the person back', async () => {
  const id = someId();
  await deliverAll([aCustomerUpdate({ id }), { topic: 'customers/delete', body: `{"id":${id}}` }]);
  const tombstone = await itemOf(id);
  await deliverAll([aCustomerUpdate({ id, updated_at: '2030-01-01T00:00:00Z' })]);
  assert.deepEqual(await itemOf(id), tombstone);
});

test('an unknown id that is deleted first stays deleted', async () => {
  const id = someId();
  await deliverAll([{ topic: 'customers/delete', body: `{"id":${id}}` }]);
  await deliverAll([
    { ...aCustomerUpdate({ id }), topic: 'customers/create' },
    { topic: 'customers/update', body: `{"id":${id}}` },
  ]);
  assert.equal('email' in ((await itemOf(id)) ?? {}), false);
  assert.equal(await running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`), undefined);
  assert.equal(await running().rollcall.usersOf(SHOP).getByShopifyId(id), undefined);
});

test('a deletion that comes again keeps the first time of deletion', async () => {
  const id = someId();
  const deletion = { topic: 'customers/delete', body: `{"id":${id}}` };
  await deliverAll([deletion]);
  const first = await itemOf(id);
  await deliverAll([deletion]);
  assert.deepEqual(await itemOf(id), first);
});

test("one shop's customer is nobody in another shop, whatever the key", async () => {
  const id = someId();
  await deliverAll([aCustomerUpdate({ id })]);
  const others = running().rollcall.usersOf('other.myshopify.com');
  assert.equal(await others.getById(`${SHOP}#${id}`), undefined);
  assert.equal(await others.getByShopifyId(id), undefined);
  await running().post(aCustomerUpdate({ id, first_name: 'Other' }), { shop: 'other.myshopify.com' });
  assert.equal((await others.getByShopifyId(id))?.first_name, 'Other');
  assert.equal((await running().rollcall.usersOf(SHOP).getByShopifyId(id))?.first_name, 'Bob');
});
