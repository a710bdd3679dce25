import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverAll } from '../../simulator/webhooks/delivery.ts';
import type { Message } from '../../simulator/shop/shop.ts';
import {
  assertSum,
  differingUsers,
  reportsOf,
  runFullSync,
  savedProgress,
  untilIdle,
} from '../support/full-sync.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';
import { createCustomer, openPage, savePlan, setFlag, setPlan } from '../support/merchant.ts';

const PEOPLE = soak(600, 20_000);
const KILLS = soak(2, 5);
const EDITS = 40;
const CREATIONS = 10;
const DELETIONS = 10;
const A_DAY_MS = 86_400_000;

// People are older than an hour, so that those whom Shopify deleted are looked for.
let age = 0;
let ids: readonly string[] = [];
const running = useRollcall(
  { SYNC_WRITE_UNITS_PER_SECOND: '100000' },
  async (program) => {
    const { shop } = program.shops.shop(SHOP);
    age = 0;
    await openPage(program);
    await untilIdle(program);
    age = A_DAY_MS;
    savePlan(shop, 'gold', { name: 'Gold', tier: '3' });
    ids = createPeople(shop, PEOPLE);
    age = 0;
  },
  {
    now: () => new Date(Date.now() - age),
    overrides: { sleep: async (_milliseconds, signal) => signal?.throwIfAborted() },
  },
);
const shop = () => running().shops.shop(SHOP).shop;
const anyone = () => ids[Math.floor(Math.random() * ids.length)] ?? '';

function changeShop(turn: number): void {
  const there = () => [anyone()].filter((id) => shop().customers.has(id));
  for (const id of Array.from({ length: EDITS }, there).flat()) {
    setFlag(shop(), id, 'is_admin', turn % 2 === 0);
    if (turn % 2 === 1) setPlan(shop(), id, 'gold');
    shop().update(id, { lastName: `Edited ${turn}` });
  }
  for (let n = 0; n < CREATIONS; n += 1) createCustomer(shop(), { firstName: `Late ${turn}` });
  for (const id of new Set(Array.from({ length: DELETIONS }, there).flat())) shop().remove(id);
}

/** Webhooks come twice, late or never. */
async function deliver(messages: readonly Message[], seed: number): Promise<void> {
  const send = (message: Message) => running().post(message);
  await deliverAll(messages, { seed, repeated: 0.1, late: 0.2, lost: 0.3 }, send);
}

test('two replicas, killed again and again, read everybody exactly while people come, change and go', async () => {
  await untilIdle(running());
  const { last: before } = await reportsOf(running());
  const messages: Message[] = [];
  shop().subscribe((message) => messages.push(message));
  const start = () =>
    startProcess('test/support/full-sync-worker.ts', {
      cwd: aDirectory(),
      env: running().environment,
      args: [before?.started_at ?? ''],
    });
  await running().rollcall.ledger.jobs.request(SHOP, 'full', 'full');
  const workers = [start(), start()];
  let delivered = Promise.resolve();

  for (let kill = 0; kill < KILLS; kill += 1) {
    // Anywhere between two of its saves.
    const threshold = Math.max(1, Math.floor((PEOPLE * (kill + Math.random())) / (KILLS + 1)));
    const isThere = async () =>
      assert.ok(((await savedProgress(running()))?.listed ?? 0) >= threshold, workers[1]?.output());
    await eventually(isThere, 600_000);
    // Either of the two may be the one that works: both are killed in turn.
    const [victim] = workers.splice(0, 1);
    victim?.child.kill('SIGKILL');
    await victim?.exited;
    workers.push(start());
    changeShop(kill);
    const told = messages.splice(0);
    delivered = delivered.then(() => deliver(told, kill));
  }
  await Promise.all([...workers.map(({ until }) => until(/done/)), delivered]);

  const { last } = await reportsOf(running());
  assert.ok(last !== undefined);
  assertSum(last);
  assert.deepEqual([last.complete, last.reader, last.listings], [true, 'bulk', 1]);
  assert.deepEqual([last.listed, last.duplicate, last.failed, last.unreadable], [PEOPLE, 0, 0, 0]);

  // What webhooks have lost since, deletions among it, comes with the next one.
  const next = await runFullSync(running());
  assert.ok(next.removed > 0);
  // What was edited is refreshed soon after its webhook.
  await eventually(async () => assert.deepEqual(await differingUsers(running()), []), 600_000);
});
