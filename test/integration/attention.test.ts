import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as } from '../support/api.ts';
import { createAttentionIssues } from '../../src/ledger/attention.ts';
import { countCalls, type Call } from '../support/counting-client.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { openPage } from '../support/merchant.ts';

let calls: Call[];
const running = useRollcall({}, async (program) => {
  await openPage(program);
  calls = countCalls(program.engine.client);
});
const notes = () => {
  const client = running().documents;
  return createAttentionIssues({ client, table: running().table('rollcall'), now: () => new Date() });
};
const codes = ['several_plans'];
const since = new Date().toISOString();

async function put(from: number, until: number): Promise<void> {
  for (let id = from; id < until; id += 1)
    await notes().put(SHOP, { shopifyId: String(id), subject: 'membership', codes, since });
}

async function state(): Promise<{ attention: unknown[]; attention_more: boolean }> {
  return (await as(running()).get('/api/sync')).body;
}

test('few issues are read with one query, and those of other subjects are left out', async () => {
  await put(1000, 1003);
  await notes().put(SHOP, {
    shopifyId: '1003',
    subject: 'admin_merged',
    codes: ['admin_merged_away'],
    since,
  });
  calls.length = 0;
  const found = await notes().ofMembership(SHOP, ['1000', '1003', '9']);
  assert.deepEqual([found.get('1000'), found.get('1003'), found.get('9')], [codes, undefined, undefined]);
  assert.deepEqual(
    calls.map(({ command }) => command),
    ['QueryCommand'],
  );
  const { attention, attention_more } = await state();
  assert.deepEqual([attention.length, attention_more], [4, false]);
});

test('of many issues a page is read, then those of the given customers, and a hundred are shown', async () => {
  await put(1003, 1250);
  const ids = Array.from({ length: 150 }, (_, n) => String(1150 + n));
  calls.length = 0;
  const found = await notes().ofMembership(SHOP, ids);
  assert.deepEqual([...found.keys()].toSorted(), ids.slice(0, 100));
  assert.deepEqual(
    calls.map(({ command }) => command),
    ['QueryCommand', 'BatchGetItemCommand', 'BatchGetItemCommand'],
  );
  const { attention, attention_more } = await state();
  assert.deepEqual([attention.length, attention_more], [100, true]);
});
