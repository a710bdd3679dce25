import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import request from 'supertest';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall, type Rollcall } from '../../src/rollcall.ts';
import { as } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { createCustomer, savePlan } from '../support/merchant.ts';
import { OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

let other: Rollcall | undefined;
// No scheduler is started here: what runs was begun by the request itself.
const running = useRollcall({}, async ({ environment }) => {
  other = await createRollcall(loadConfig(environment), createLog('silent'));
});
after(() => other?.close());

/** Of a session token some time before the reinstall: see CONFIRM_AFTER_MS. */
const EARLIER = { iat: Math.floor(Date.now() / 1000) - 30 };

const jobs = () => running().rollcall.ledger.jobs;
const installs = () => running().rollcall.ledger.installs;
const shopOf = (domain: string) => running().shops.shop(domain);

async function open(shop: string, claims: object = {}): Promise<void> {
  const { status } = await as(running(), shop, { claims: { ...claims } }).get('/api/admins');
  assert.equal(status, 200);
}

/** Waits until a customer is here of whom no webhook has told. */
const arrives = (shop: string, id: string) =>
  eventually(async () => assert.ok((await running().item(`${shop}#${id}`)) !== undefined));

/** Ends whatever was begun of a shop, and what became due by that. Resolves to its jobs. */
const settled = (shop: string) =>
  eventually(async () => {
    await running().rollcall.scheduler.runDue();
    const known = await jobs().list(shop);
    const time = new Date().toISOString();
    for (const [name, { isHeld, dueAt = '9' }] of known)
      assert.ok(!isHeld && dueAt > time, `${name} is at work or due`);
    return known;
  });

function uninstall(shop: string, at: Date): Promise<number> {
  const headers = { 'x-shopify-triggered-at': at.toISOString() };
  return running().post({ topic: 'app/uninstalled', body: '{}' }, { shop, headers });
}

test('the first page reads the plans and everybody at once, without the scheduler', async () => {
  const { shop } = shopOf(SHOP);
  savePlan(shop, 'gold', { name: 'Gold', tier: '1' });
  const id = createCustomer(shop);
  await open(SHOP, EARLIER);
  await arrives(SHOP, id);
  await eventually(async () => assert.equal((await running().rollcall.ledger.plans.all(SHOP)).length, 1));
  const known = await settled(SHOP);
  for (const name of ['plans', 'reconcile'])
    assert.ok(known.get(name)?.dueAt !== undefined, `${name} goes on`);
  for (const [name, { stalled }] of known) assert.equal(stalled, undefined, `${name} had its token`);
});

test('a later page, also at another process, asks for nothing more', async () => {
  const before = await jobs().list(SHOP);
  assert.ok(other !== undefined);
  const authorization = `Bearer ${shopOf(SHOP).sessionToken({ claims: EARLIER })}`;
  assert.equal((await request(other.app).get('/api/admins').set({ authorization })).status, 200);
  await open(SHOP, EARLIER);
  assert.deepEqual(await jobs().list(SHOP), before);
});

test('an install record without jobs, as a crash leaves it, is made good by the next page', async () => {
  const id = createCustomer(shopOf(OTHER_SHOP).shop);
  await installs().record(OTHER_SHOP, { kind: 'confirmed', at: new Date(Date.now() - 5000).toISOString() });
  assert.equal((await jobs().list(OTHER_SHOP)).size, 0);
  await open(OTHER_SHOP);
  await arrives(OTHER_SHOP, id);
  await settled(OTHER_SHOP);
});

test('an uninstalled shop’s jobs are gone, and a reinstall asks for all of them again', async () => {
  assert.equal(await uninstall(SHOP, new Date()), 200);
  assert.deepEqual([...(await jobs().list(SHOP)).keys()], []);
  const id = createCustomer(shopOf(SHOP).shop);
  const iat = Math.ceil(Date.now() / 1000) + 1;
  await eventually(() => assert.ok(Date.now() > iat * 1000));
  await open(SHOP, { iat, nbf: iat });
  await arrives(SHOP, id);
  await settled(SHOP);
});

test('an uninstallation that is told after the reinstall reveals a gap: everybody is read again', async () => {
  const { installed_at = '' } = await installs().get(OTHER_SHOP);
  const uninstalledAt = new Date(Date.parse(installed_at) + 1);
  const reinstalledAt = new Date(uninstalledAt.getTime() + 1).toISOString();
  await installs().record(OTHER_SHOP, { kind: 'confirmed', at: reinstalledAt });
  const id = createCustomer(shopOf(OTHER_SHOP).shop);
  assert.equal(await uninstall(OTHER_SHOP, uninstalledAt), 200);
  await arrives(OTHER_SHOP, id);
  await settled(OTHER_SHOP);
});

test('a new token takes up the jobs that stalled for lack of one', async () => {
  const { documents, rollcall, table } = running();
  const Key = { pk: SHOP, sk: 'session' };
  await documents.send(new DeleteCommand({ TableName: table('rollcall'), Key }));
  await jobs().request(SHOP, 'plans', 'short');
  await rollcall.scheduler.wake(SHOP, 'plans');
  assert.equal((await jobs().list(SHOP)).get('plans')?.stalled?.reason, 'reauthorization_needed');
  await open(SHOP);
  const known = await settled(SHOP);
  assert.equal(known.get('plans')?.stalled, undefined);
});
