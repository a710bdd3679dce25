import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const running = useRollcall();

/** Runs `rollcall letters list` with these words, without the app's secrets. */
async function letters(...words: string[]) {
  const { DYNAMODB_ENDPOINT = '', TABLE_PREFIX = '' } = running().environment;
  const env = { DYNAMODB_ENDPOINT, TABLE_PREFIX };
  const args = ['letters', 'list', ...words];
  const command = startProcess('src/cli/rollcall.js', { cwd: aDirectory(), args, env });
  assert.equal(await command.exited, 0, command.output());
  return command.stdout();
}

test('without anything kept it says so', async () => {
  assert.equal(await letters(), 'Nothing is kept\n');
  assert.deepEqual(JSON.parse(await letters('--json')), { dead_letters: [], privacy_requests: [] });
});

test('what belongs to no shop is listed, and with --shop what a shop has, without personal data', async () => {
  await running().postOdd(aCustomerUpdate({ id: '4711' }), 'no_shop');
  const customer = { id: 4712, email: 'john@example.com' };
  await running().post({ topic: 'customers/redact', body: JSON.stringify({ customer }) });
  await running().post({ topic: 'customers/update', body: '{"first_name":"Bob"}' });

  const { dead_letters, privacy_requests } = JSON.parse(await letters('--json'));
  assert.ok(dead_letters.some(({ shopify_id }: { shopify_id: string }) => shopify_id === '4711'));
  assert.equal(privacy_requests.length, 1);
  const [{ topic, shopify_id, named_shop, deadline }] = privacy_requests;
  assert.deepEqual([topic, shopify_id, named_shop], ['customers/redact', '4712', SHOP]);
  const text = await letters();
  assert.ok(text.includes(`customers/redact to be done by ${deadline.slice(0, 10)}`), text);
  assert.match(text, /customers\/update, customer 4711: Neither X-Shopify-Shop-Domain/);

  const ofShop = JSON.parse(await letters('--shop', SHOP, '--json'));
  assert.deepEqual(
    ofShop.dead_letters.map(({ topic: name, shopify_id: id }: Record<string, unknown>) => [name, id]),
    [['customers/update', null]],
  );
  for (const output of [text, JSON.stringify(ofShop), await letters('--json')])
    for (const personal of ['john@', 'Bob']) assert.equal(output.includes(personal), false, personal);
});
