import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deliver } from '../../simulator/webhooks/deliver.ts';
import type { Message } from '../../simulator/shop/shop.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { runDueJobs } from '../support/jobs.ts';
import { createCustomer, openPage, savePlan, setRole, told } from '../support/merchant.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SECRET, SHOP, useRollcall } from '../support/rollcall.ts';

const HOUR_MS = 3_600_000;
/** Old changes are far behind the watermark: a reconcile that looks for changes does not come upon them. */
let behind = 0;
/** Of the clock of this process, in milliseconds. */
let later = 0;
/** Of the one who crashes nothing is left; this one reconciles then, on the same tables. */
const running = useRollcall(
  { FEATURED_AUTHOR_TAG: 'author' },
  async (program) => {
    const { shop } = program.shops.shop(SHOP);
    behind = HOUR_MS;
    for (let n = 0; n < 40; n += 1) known.push(createCustomer(shop));
    behind = 0;
    createCustomer(shop);
    savePlan(shop, 'gold', { name: 'Gold', tier: '1' });
    await openPage(program);
    await runDueJobs(program);
  },
  {
    now: () => new Date(Date.now() - behind),
    overrides: { now: () => new Date(Date.now() + later) },
  },
);
const known: string[] = [];
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const itemOf = (id: string) => running().item(`${SHOP}#${id}`);

/** A customer who is here as Shopify has them, and has not changed for an hour. */
function anOldOne(): string {
  const id = known.pop();
  assert.ok(id !== undefined);
  return id;
}

/** A customer of the shop who has not changed for an hour, and is not here. */
function aStranger(): string {
  behind = HOUR_MS;
  try {
    return createCustomer(shop());
  } finally {
    behind = 0;
  }
}

type Moment = 'before Shopify is asked' | 'while Shopify answers';

/** Delivers to a process that is killed without warning after its answers, before any snapshot has come. */
async function crashAfter(messages: readonly Message[], moment: Moment): Promise<void> {
  const { child, until, exited } = startProcess('src/main.ts', {
    cwd: aDirectory(),
    env: { ...running().environment, PORT: '0' },
  });
  const port = Number(/"port":(\d+)/.exec(await until(/listening/))?.[1]);
  const url = `http://127.0.0.1:${port}`;
  const snapshot = at().faults.hold('graphql');
  for (const message of messages)
    assert.equal(await deliver({ url, shop: SHOP, secret: SECRET }, message), 200);
  if (moment === 'while Shopify answers') await snapshot.reached;
  child.kill('SIGKILL');
  await exited;
  snapshot.release();
}

/** Alone: what the killed process was working on stays its own for a while. */
async function reconcile(): Promise<void> {
  const { ledger, scheduler } = running().rollcall;
  await ledger.jobs.request(SHOP, 'reconcile', 'short');
  await scheduler.wake(SHOP, 'reconcile');
}

const pending = () => Array.fromAsync(running().rollcall.ledger.pendingRefreshes.list(SHOP));

for (const moment of ['before Shopify is asked', 'while Shopify answers'] as const)
  describe(`a process that is killed ${moment} loses nothing that it has acknowledged`, () => {
    test('a change that moved the time, and a flag that was set with it', async () => {
      const id = anOldOne();
      const message = shop().update(id, { lastName: 'Changed' });
      setRole(shop(), id, 'is_admin', true);
      await crashAfter([message], moment);
      assert.deepEqual(await pending(), [], 'no record is needed for it');
      await reconcile();
      const item = await itemOf(id);
      assert.deepEqual([item?.['last_name'], item?.['is_admin']], ['Changed', `${SHOP}#true`]);
    });

    test('a new customer', async () => {
      let created: Message | undefined;
      const unsubscribe = shop().subscribe((message) => (created = message));
      const id = createCustomer(shop());
      unsubscribe();
      setRole(shop(), id, 'is_admin', true);
      await crashAfter([told(created)], moment);
      await reconcile();
      assert.equal((await itemOf(id))?.['is_admin'], `${SHOP}#true`);
    });

    test('a metafield that moved no time', async () => {
      const id = anOldOne();
      await crashAfter([told(setRole(shop(), id, 'is_admin', true))], moment);
      await reconcile();
      assert.equal((await itemOf(id))?.['is_admin'], `${SHOP}#true`);
      assert.deepEqual(await pending(), []);
    });

    test('a metafield of somebody who was not here, and whose time is long past', async () => {
      const id = aStranger();
      await crashAfter([told(setRole(shop(), id, 'is_admin', true))], moment);
      await reconcile();
      assert.equal((await itemOf(id))?.['is_admin'], `${SHOP}#true`);
    });

    test('a late delivery of the second that a webhook told before, whichever of the two is kept', async () => {
      const id = anOldOne();
      const item = await itemOf(id);
      // As the webhook of an earlier content of that second has left it.
      const source_digest = '0'.repeat(32);
      await running().putItem({ ...item, user_id: `${SHOP}#${id}`, source_digest });
      const updated_at = shop().customers.get(id)?.updatedAt.toISOString().replace(/\.\d+/, '');
      await crashAfter([aCustomerUpdate({ id, updated_at, last_name: 'Earlier' })], moment);
      assert.equal((await itemOf(id))?.['last_name'], 'Earlier');
      await reconcile();
      assert.equal((await itemOf(id))?.['last_name'], shop().customers.get(id)?.lastName);
    });

    test('tags', async () => {
      const id = anOldOne();
      await crashAfter([shop().addTags(id, ['author'])], moment);
      await reconcile();
      assert.equal((await itemOf(id))?.['is_featured_author'], `${SHOP}#true`);
    });

    test('somebody whose deletion was only inferred', async () => {
      const id = anOldOne();
      assert.equal(
        await running()
          .rollcall.usersOf(SHOP)
          .removeAbsent(id, await itemOf(id)),
        'written',
      );
      await crashAfter([told(setRole(shop(), id, 'is_admin', true))], moment);
      assert.notEqual((await itemOf(id))?.['deleted_at'], undefined);
      await reconcile();
      const item = await itemOf(id);
      assert.deepEqual([item?.['deleted_at'], item?.['is_admin']], [undefined, `${SHOP}#true`]);
    });

    test('what the kept customer of a merge was given', async () => {
      const [kept, gone] = [anOldOne(), anOldOne()];
      shop().addTags(gone, ['author']);
      await crashAfter([shop().merge(kept, gone)], moment);
      await reconcile();
      assert.equal((await itemOf(kept))?.['is_featured_author'], `${SHOP}#true`);
    });
  });

for (const after of [0, 1])
  test(`a reconcile that is killed at its query ${after + 1} is done by the next, from the same watermark`, async () => {
    const id = anOldOne();
    shop().update(id, { lastName: 'Lost' });
    const { states } = running().rollcall.ledger;
    const before = await states.get(SHOP);
    const { child, until, exited } = startProcess('src/main.ts', {
      cwd: aDirectory(),
      env: { ...running().environment, PORT: '0' },
    });
    const port = Number(/"port":(\d+)/.exec(await until(/listening/))?.[1]);
    const query = at().faults.hold('graphql', { after });
    const authorization = `Bearer ${at().sessionToken()}`;
    const url = `http://127.0.0.1:${port}/api/sync/reconcile`;
    assert.equal((await fetch(url, { method: 'POST', headers: { authorization } })).status, 202);
    await query.reached;
    child.kill('SIGKILL');
    await exited;
    query.release();
    assert.equal((await states.get(SHOP)).watermark, before.watermark);
    // What the killed one holds is let go of when it has not been heard of for half a minute.
    later += 60_000;
    await reconcile();
    assert.equal((await itemOf(id))?.['last_name'], 'Lost');
  });
