import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverAll } from '../../simulator/webhooks/delivery.ts';
import type { Message } from '../../simulator/shop/shop.ts';
import { certificatesOf, differingUsers, digestOf, savedProgress } from '../support/backfill.ts';
import { createPeople } from '../support/create-people.ts';
import { eventually } from '../support/eventually.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';
import { createCustomer, openPage, savePlan, setRole, setPlan } from '../support/merchant.ts';

const PEOPLE = soak(600, 20_000);
const KILLS = soak(2, 5);
const EDITS = 40;
const CREATIONS = 10;
const DELETIONS = 10;
const A_DAY_MS = 86_400_000;

// People are older than the installation, so that reconciling has to look at what has changed since only.
let age = A_DAY_MS;
let ids: readonly string[] = [];
const running = useRollcall(
  { SYNC_WRITE_UNITS_PER_SECOND: '100000' },
  async (program) => {
    const { shop } = program.shops.shop(SHOP);
    savePlan(shop, 'gold', { name: 'Gold', tier: '3' });
    ids = createPeople(shop, PEOPLE);
    age = 0;
    await openPage(program);
  },
  { now: () => new Date(Date.now() - age) },
);
const shop = () => running().shops.shop(SHOP).shop;
const anyone = () => ids[Math.floor(Math.random() * ids.length)] ?? '';

function changeShop(turn: number): void {
  const there = () => [anyone()].filter((id) => shop().customers.has(id));
  for (const id of Array.from({ length: EDITS }, there).flat()) {
    setRole(shop(), id, 'is_admin', turn % 2 === 0);
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

test('two replicas, killed again and again, import everybody exactly while people come, change and go', async () => {
  const messages: Message[] = [];
  shop().subscribe((message) => messages.push(message));
  const start = () =>
    startProcess('test/support/backfill-worker.ts', { cwd: aDirectory(), env: running().environment });
  const workers = [start(), start()];
  let delivered = Promise.resolve();

  for (let kill = 0; kill < KILLS; kill += 1) {
    // Anywhere between two of its saves.
    const threshold = Math.max(1, Math.floor((PEOPLE * (kill + Math.random())) / (KILLS + 1)));
    const isThere = async () =>
      assert.ok(((await savedProgress(running()))?.done ?? 0) >= threshold, workers[1]?.output());
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

  const { last } = await certificatesOf(running());
  assert.ok(last !== undefined);
  assert.deepEqual([last.complete, last.object_count, last.operations], [true, PEOPLE, 1]);
  assert.deepEqual([last.lines_read, last.failed, last.unreadable], [PEOPLE, 0, 0]);
  assert.equal(last.digest, digestOf(ids));

  const { scheduler, compare } = running().rollcall;
  await scheduler.runShop(SHOP);
  assert.match(running().logged(), /"repaired":[1-9]\d*.*reconciled/);
  // Only a full comparison finds a deletion whose webhook is lost.
  const { signal } = new AbortController();
  const healing = await compare.begin(SHOP, { repair: true }, signal);
  assert.ok(Number((await healing?.finished)?.extra_here) > 0);
  // What was edited is refreshed soon after its webhook.
  await eventually(async () => assert.deepEqual(await differingUsers(running()), []), 600_000);
});
