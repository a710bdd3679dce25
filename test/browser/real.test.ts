import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createDeadLetters } from '../../src/ledger/dead-letters.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { runJob } from '../support/jobs.ts';
import { reportFigures } from '../support/report-figures.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage } from '../support/stage.ts';
import { createCustomer, deliverWebhooks, savePlan, setRole, setPlan } from '../support/merchant.ts';

// Nothing is answered in the server's place here: the page, the program, DynamoDB and the simulated shop work together.

const EARLIER = 40;

let isLost = false;
let delivered: () => Promise<void>;
const { running, visit } = useStage(async (program) => {
  const { shop } = program.shops.shop(SHOP);
  savePlan(shop, 'gold', { name: 'Gold', tier: '3', price: '29.0', currency: 'EUR', interval: 'month' });
  for (let n = 0; n < EARLIER; n += 1) createCustomer(shop, { firstName: 'Earlier', lastName: String(n) });
  delivered = deliverWebhooks(program, () => isLost);
  program.rollcall.scheduler.start();
});
const runningShop = () => running().shops.shop(SHOP);
const open = (address: string) => visit({ address, token: () => runningShop().sessionToken() });

async function aPerson(firstName: string, role?: 'is_admin' | 'is_featured_author'): Promise<string> {
  const id = createCustomer(runningShop().shop, { firstName, lastName: 'Okafor' });
  if (role !== undefined) setRole(runningShop().shop, id, role, true);
  await delivered();
  if (role !== undefined)
    await eventually(async () => {
      assert.equal((await running().item(`${SHOP}#${id}`))?.[role], `${SHOP}#true`);
    });
  return id;
}

const flagAtShopify = (id: string, key: string) =>
  runningShop().shop.metafields.find({
    ownerId: `gid://shopify/Customer/${id}`,
    namespace: 'app--12345',
    key,
  })?.value;

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count);

test('everybody is synced from Sync, and the report is complete and adds up', async () => {
  const { app, page, problems, close } = await open('/');
  // What an installation needs begins by itself.
  await page.getByRole('link', { name: 'Sync' }).click();
  await app.getByText('Complete', { exact: true }).waitFor({ timeout: 60_000 });
  await app.getByText('Nothing is running').waitFor({ timeout: 60_000 });
  await app.getByRole('button', { name: 'Sync everybody now' }).click();
  await page.getByText('Syncing everybody has started').waitFor();
  await eventually(async () => {
    const { listed, outcomes } = await reportFigures(app);
    const [, unchanged = 0] = outcomes;
    assert.ok(listed >= EARLIER);
    assert.equal(sumOf(outcomes), listed);
    assert.ok(unchanged > 0, 'who is here already is the same');
  });
  assert.equal(
    await app.getByText('Failed', { exact: true }).locator('xpath=following-sibling::dd').textContent(),
    '0',
  );
  await runJob(running(), 'reconcile');
  await page.getByRole('link', { name: 'Rollcall' }).click();
  await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
  const people = app.getByRole('definition').first();
  assert.equal(await people.textContent(), String(runningShop().shop.customers.size));
  assert.deepEqual(problems, []);
  await close();
});

test('a role that is given stands at Shopify and in the list, and is taken away again', async () => {
  const id = await aPerson('Greta');
  const { app, page, problems, close } = await open(`/find?q=${id}&for=author`);
  await app.getByRole('button', { name: 'Make featured author' }).click();
  await app.getByRole('dialog').waitFor();
  await app.getByRole('button', { name: 'Make featured author' }).last().click();
  await page.getByText('Greta Okafor is a featured author now').waitFor();
  assert.equal(flagAtShopify(id, 'is_featured_author'), 'true');
  await page.getByRole('link', { name: 'Featured authors' }).click();
  await app.getByRole('link', { name: 'Greta Okafor', exact: true }).waitFor();
  await app.getByRole('button', { name: 'Remove Greta Okafor as featured author' }).click();
  await app.getByRole('button', { name: 'Remove as featured author', exact: true }).click();
  await page.getByText('Greta Okafor is no longer a featured author').waitFor();
  assert.equal(flagAtShopify(id, 'is_featured_author'), 'false');
  assert.equal(await app.getByRole('link', { name: 'Greta Okafor', exact: true }).count(), 0);
  assert.deepEqual(problems, []);
  await close();
});

test('a person is found by each of their ids, with a card that says where each value came from', async () => {
  const id = await aPerson('Ada', 'is_admin');
  setPlan(runningShop().shop, id, 'gold');
  await delivered();
  const { app, page, problems, close } = await open('/find');
  const field = app.getByRole('textbox', { name: 'Whom are you looking for?' });
  await eventually(async () =>
    assert.equal((await running().item(`${SHOP}#${id}`))?.['membership_id'], `${SHOP}#gold`),
  );
  for (const text of [
    id,
    `gid://shopify/Customer/${id}`,
    `https://admin.shopify.com/store/toys/customers/${id}`,
    `${SHOP}#${id}`,
  ]) {
    await field.fill('nobody');
    await page.keyboard.press('Enter');
    await app.getByRole('heading', { name: 'Nobody was found' }).waitFor();
    await field.fill(text);
    await page.keyboard.press('Enter');
    await app.getByRole('heading', { name: 'Ada Okafor' }).waitFor();
  }
  const row = (name: string) => app.getByRole('row').filter({ hasText: name });
  const year = new Date().getFullYear();
  await row('Admin').filter({ hasText: `Rollcall’s field in Shopify` }).waitFor();
  assert.match((await row('Admin').textContent()) ?? '', new RegExp(`Yes.*${year}`));
  assert.match((await row('Membership').textContent()) ?? '', new RegExp(`Gold.*field.*${year}`));
  assert.match((await row('Featured author').textContent()) ?? '', /No.*Not set in Shopify/);
  assert.deepEqual(problems, []);
  await close();
});

test('the members of a plan are those whom Shopify has given it', async () => {
  const id = await aPerson('Inês');
  setPlan(runningShop().shop, id, 'gold');
  await delivered();
  await runJob(running(), 'plans');
  await eventually(async () =>
    assert.equal((await running().item(`${SHOP}#${id}`))?.['membership_id'], `${SHOP}#gold`),
  );
  const { app, problems, close } = await open('/members');
  await app.getByText('€29.00 per month').waitFor();
  await app.getByRole('link', { name: 'Inês Okafor', exact: true }).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

test('changes whose webhooks were lost are looked for, and how many were found is said', async () => {
  const { app, page, problems, close } = await open('/sync');
  // What the installation made due would find it too.
  await app.getByText('Nothing is running').waitFor({ timeout: 60_000 });
  isLost = true;
  const id = createCustomer(runningShop().shop, { firstName: 'Hiro' });
  isLost = false;
  await app.getByRole('button', { name: 'Look for missed changes' }).click();
  await page.getByText('Looking for missed changes').waitFor();
  await eventually(async () => {
    assert.equal((await running().item(`${SHOP}#${id}`))?.['first_name'], 'Hiro');
  });
  await app.getByText('Nothing is running').waitFor({ timeout: 60_000 });
  await app.getByText(/ [1-9]\d* had been missed/).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

test('a full sync puts right what webhooks lost, and the page says what it was', async () => {
  const renamed = await aPerson('Greta');
  isLost = true;
  runningShop().shop.update(renamed, { lastName: 'Novák' });
  isLost = false;
  const { app, page, problems, close } = await open('/sync');
  await app.getByText('Nothing is running').waitFor({ timeout: 60_000 });
  await app.getByRole('button', { name: 'Sync everybody now' }).click();
  await page.getByText('Syncing everybody has started').waitFor();
  await eventually(async () => {
    assert.equal((await running().item(`${SHOP}#${renamed}`))?.['last_name'], 'Novák');
  });
  await app.getByText('Nothing is running').waitFor({ timeout: 60_000 });
  await app.getByText('Complete', { exact: true }).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

test('a change that could not be read is tried again, and stays if it still cannot be', async () => {
  assert.equal(await running().post({ topic: 'customers/update', body: '{"first_name":"Bob"}' }), 200);
  // As a version that could read less has left it.
  const { engine, table, rollcall } = running();
  const client = DynamoDBDocumentClient.from(engine.client);
  const letters = createDeadLetters({ client, table: table('rollcall'), now: () => new Date() });
  const readable = aCustomerUpdate({ id: '77' });
  await letters.put({
    shop: SHOP,
    topic: 'customers/create',
    id: 'left-behind',
    body: Buffer.from(readable.body),
    reason: 'The customer cannot be read',
  });
  const { app, page, close } = await open('/sync');
  await app.getByRole('button', { name: 'Try again: customers/update' }).click();
  await page.getByText('The change still cannot be read').waitFor();
  await app.getByRole('button', { name: 'Try again: customers/create' }).click();
  await page.getByText('The change was brought in').waitFor();
  await app.getByRole('button', { name: 'Try again: customers/create' }).waitFor({ state: 'detached' });
  assert.equal(await app.getByRole('button', { name: 'Try again: customers/update' }).count(), 1);
  assert.equal((await rollcall.usersOf(SHOP).getByShopifyId('77'))?.shopify_id, '77');
  await close();
});

test('a list is exported with its people', async () => {
  const id = await aPerson('Łucja', 'is_admin');
  const { app, page, problems, close } = await open('/admins');
  await app.getByRole('link', { name: 'Łucja Okafor', exact: true }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    app.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  const [header = '', ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.match(header, /^user_id,shopify_id,/);
  const line = lines.find((text) => text.includes(id));
  assert.match(line ?? '', /Łucja,Okafor/);
  assert.deepEqual(problems, []);
  await close();
});
