import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import type { Message } from '../../simulator/shop/shop.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';
import { createCustomer, openPage, setRole } from '../support/merchant.ts';

const running = useRollcall({}, openPage);
const shop = () => running().shops.shop(SHOP).shop;

/** How many snapshots were fetched, whatever became of them. */
async function snapshots(): Promise<number> {
  const { text } = await request(running().rollcall.app).get('/metrics');
  const counts = [...text.matchAll(/rollcall_snapshots_total\{outcome="\w+"\} (\d+)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** How many webhooks of a customer ended in one of these ways. */
function webhooksThat(...outcomes: readonly string[]): Map<string, number> {
  const written = new Map<string, number>();
  for (const line of running()
    .logged()
    .split('\n')
    .filter((text) => outcomes.some((outcome) => text.includes(`"received":"${outcome}"`)))) {
    const { shopify_id: id } = JSON.parse(line);
    written.set(id, (written.get(id) ?? 0) + 1);
  }
  return written;
}

async function sendAll(messages: readonly Message[]): Promise<void> {
  const queue = messages.values();
  const sender = async () => {
    for (const message of queue) assert.equal(await running().post(message), 200);
  };
  await Promise.all(Array.from({ length: 10 }, sender));
}

const CUSTOMERS = soak(90, 300);
const WEBHOOKS = soak(300, 1000);

test('many webhooks of few customers cause two snapshots of each at most, and one write each at most beyond their own', async () => {
  const ids = Array.from({ length: CUSTOMERS }, () => createCustomer(shop()));
  for (const id of ids.slice(0, CUSTOMERS / 2)) setRole(shop(), id, 'is_admin', true);
  const messages = Array.from({ length: WEBHOOKS }, (_, n) => {
    const updated_at = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
    return aCustomerUpdate({ id: ids[(n * 7) % CUSTOMERS] ?? '', updated_at, last_name: `Changed ${n}` });
  });
  await sendAll(messages);
  await eventually(async () => {
    for (const id of ids) {
      const item = await running().item(`${SHOP}#${id}`);
      assert.equal(item?.['last_name'], 'Biller');
      assert.equal(item?.['is_admin'], ids.indexOf(id) < CUSTOMERS / 2 ? `${SHOP}#true` : undefined);
    }
  });
  const fetched = await snapshots();
  // Whoever is asked for while their snapshot is under way is asked for once more; then nothing is newer than that.
  assert.ok(fetched <= 2 * CUSTOMERS, `${fetched} snapshots`);
  // No webhook comes twice: a duplicate is one whose write stood already when it was tried again, its answer being late.
  const written = webhooksThat('written', 'duplicate');
  for (const id of ids) {
    const revision = Number((await running().item(`${SHOP}#${id}`))?.['revision']);
    assert.ok(revision <= (written.get(id) ?? 0) + 1, `${id}: ${revision} writes`);
  }
});

test('whatever the digests of one second are, the user ends as the shop says', async () => {
  const id = createCustomer(shop(), { lastName: 'Truth' });
  const second = shop().customers.get(id)?.updatedAt.toISOString().replace(/\.\d+/, '') ?? '';
  // Among sixteen contents of the same second some have a greater digest than the truth.
  const ties = Array.from({ length: 16 }, (_, n) =>
    aCustomerUpdate({ id, updated_at: second, last_name: `Tie ${n}` }),
  );
  await sendAll(ties.slice(0, 8));
  await eventually(async () => assert.equal((await running().item(`${SHOP}#${id}`))?.['last_name'], 'Truth'));
  const written = webhooksThat('written').get(id);
  await sendAll(ties);
  assert.equal(
    webhooksThat('written').get(id),
    written,
    'a snapshot stands before every webhook of its second',
  );
  await eventually(async () => assert.equal((await running().item(`${SHOP}#${id}`))?.['last_name'], 'Truth'));
});
