import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJobs } from '../../src/ledger/jobs.ts';
import { readProgress } from '../../src/sync/backfill-progress.ts';
import { certificatesOf, createPeople, expectedUser, standingUser } from '../support/backfill.ts';
import { eventually } from '../support/eventually.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, deliverWebhooks, openPage, savePlan, setFlag, setPlan } from '../support/visit.ts';

const PEOPLE = 3000;
const KILLS = 5;

const running = useRollcall({ SYNC_WRITE_UNITS_PER_SECOND: '2000' }, openPage);
const shop = () => running().shops.shop(SHOP).shop;

async function done(): Promise<number> {
  const { engine, table } = running();
  const client = DynamoDBDocumentClient.from(engine.client);
  const jobs = createJobs({ client, table: table('rollcall'), now: () => new Date() });
  return readProgress((await jobs.list(SHOP)).get('backfill')?.progress)?.done ?? 0;
}

test('two replicas, of whom one is killed five times, import everybody exactly while people are edited', async () => {
  savePlan(shop(), 'gold', { name: 'Gold', tier: '3' });
  const ids = createPeople(shop(), PEOPLE);
  const start = () =>
    startProcess('test/support/backfill-worker.ts', { cwd: aDirectory(), env: running().environment });
  const workers = [start(), start()];
  let delivered: () => Promise<void> = async () => undefined;
  const deleted: string[] = [];

  for (let kill = 0; kill < KILLS; kill += 1) {
    // Anywhere between two of its saves, and not always at the same.
    const threshold = kill * 500 + Math.floor(Math.random() * 400);
    await eventually(async () => assert.ok((await done()) >= threshold, workers[1]?.output()), 60_000);
    if (kill === 0) delivered = deliverWebhooks(running());
    // Either of the two may be the one that works: both are killed in turn.
    const [victim] = workers.splice(0, 1);
    victim?.child.kill('SIGKILL');
    await victim?.exited;
    workers.push(start());
    const from = Math.floor(Math.random() * (PEOPLE - 100));
    for (const id of ids.slice(from, from + 20).filter((one) => !deleted.includes(one))) {
      setFlag(shop(), id, 'is_admin', kill % 2 === 0);
      if (kill % 2 === 1) setPlan(shop(), id, 'gold');
      shop().update(id, { lastName: `Edited ${kill}` });
    }
    const gone = ids[kill * 7] ?? '';
    deleted.push(gone);
    shop().remove(gone);
    createCustomer(shop(), { firstName: `Late ${kill}` });
  }
  await Promise.all(workers.map(({ until }) => until(/done/)));
  await delivered();

  const { last } = await certificatesOf(running());
  assert.deepEqual([last?.complete, last?.object_count, last?.operations], [true, PEOPLE, 1]);
  // What was edited is refreshed soon after its webhook.
  await eventually(async () => {
    for (const id of shop().customers.keys())
      assert.deepEqual(await standingUser(running(), id), expectedUser(shop(), id), id);
  }, 60_000);
  for (const id of deleted) assert.equal(await standingUser(running(), id), undefined);
});
