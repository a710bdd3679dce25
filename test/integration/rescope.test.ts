import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { toUser, type User } from '../../src/users/item.ts';
import { countCalls } from '../support/counting-client.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { aTable, created_at, people, type Item } from '../support/rescope.ts';
import { SHOP } from '../support/rollcall.ts';

let engine: Engine;
before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

/** Everybody as readers of that kind of deployment see them; how often a row was written is left out. */
function seen(items: readonly Record<string, unknown>[], oneShop: boolean): (Partial<User> | undefined)[] {
  return items.map((item) => {
    const user = toUser({ shop: SHOP, oneShop }, item);
    return user === undefined ? undefined : { ...user, revision: 0 };
  });
}

test('from one shop to many, everybody stays who they were', async () => {
  const { items, run, countUnder } = await aTable(engine, people);
  const users = seen(await items(), true);
  assert.deepEqual(await run('many'), { read: 8, rewritten: 7, unchanged: 1 });
  const existing = await items();
  assert.deepEqual(seen(existing, false), users);
  assert.deepEqual(new Set(existing.map(({ shop }) => shop)), new Set([SHOP]));
  for (const flag of ['is_active', 'is_admin', 'is_featured_author'])
    for (const value of ['true', 'false', `${SHOP}#false`]) assert.equal(await countUnder(flag, value), 0);
  assert.equal(await countUnder('is_admin', `${SHOP}#true`), 2);
  assert.equal(await countUnder('membership_id', `${SHOP}#gold`), 2);
});

test('from many to one and back, everybody stays who they were', async () => {
  const { items, run } = await aTable(engine, people);
  await run('many');
  const many = await items();
  const users = seen(many, false);
  assert.deepEqual(await run('one'), { read: 8, rewritten: 5, unchanged: 3 });
  const one = await items();
  assert.deepEqual(seen(one, true), users);
  assert.equal(JSON.stringify(one).includes('#'), false);
  await run('many');
  const back = (await items()).map((item) => ({ ...item, revision: 0 }));
  assert.deepEqual(
    back,
    many.map((item) => ({ ...item, revision: 0 })),
  );
});

test('what other programs keep on a row stays, and revision is increased', async () => {
  const { run, item } = await aTable(engine, people);
  await run('many');
  const is_active = `${SHOP}#true`;
  assert.deepEqual(await item('member'), {
    ...people[1],
    is_active,
    membership_id: `${SHOP}#gold`,
    revision: 1,
  });
  assert.equal((await item('false'))['revision'], 5);
  assert.equal('revision' in (await item('plain')), false);
});

test('a second run changes nothing', async () => {
  const { run, items } = await aTable(engine, people);
  await run('many');
  const existing = await items();
  assert.deepEqual(await run('many'), { read: 8, rewritten: 0, unchanged: 8 });
  assert.deepEqual(await items(), existing);
});

test('a dry run counts and writes nothing', async () => {
  const { run, items } = await aTable(engine, people);
  assert.deepEqual(await run('many', { dryRun: true }), { read: 8, rewritten: 7, unchanged: 1 });
  assert.deepEqual(await items(), people);
});

test("another shop's rows, tombstones and values that nobody understands stay as they are", async () => {
  const other = 'other.myshopify.com';
  const rows: Item[] = [
    { user_id: '1', shop: other, created_at, is_active: `${other}#true` },
    { user_id: '2', shop: other, created_at, is_admin: 'true' },
    { user_id: '3', created_at, is_admin: 'true', membership_id: `${other}#gold` },
    { user_id: '4', created_at, is_admin: 'true', deleted_at: created_at },
    { user_id: '5', shop: SHOP, created_at, is_admin: 'True', is_featured_author: 'yes' },
    { user_id: '6', created_at, name: 'in no index' },
  ];
  const { run, items } = await aTable(engine, rows);
  assert.equal((await run('many')).rewritten, 0);
  assert.equal((await run('one')).rewritten, 0);
  assert.deepEqual(await items(), rows);
});

test('a row that is known by its membership alone is found if the membership is named', async () => {
  const { run, item } = await aTable(engine, [{ user_id: 'x', created_at, membership_id: 'bronze' }]);
  assert.equal((await run('many')).read, 0);
  assert.equal((await run('many', { memberships: ['bronze'] })).rewritten, 1);
  assert.equal((await item('x'))['membership_id'], `${SHOP}#bronze`);
});

test('everybody is found over several pages of an index, by queries alone', async () => {
  // 560 keys of 2,000 bytes are more than the megabyte that a page holds.
  const rows = Array.from({ length: 560 }, (_, n) => ({
    user_id: `${n}-${'x'.repeat(2000)}`,
    created_at,
    is_active: 'true',
  }));
  const { run, countUnder } = await aTable(engine, rows);
  const calls = countCalls(engine.client);
  assert.deepEqual(await run('many'), { read: 560, rewritten: 560, unchanged: 0 });
  const kinds = new Set(calls.map(({ command }) => command));
  assert.deepEqual(kinds, new Set(['QueryCommand', 'GetItemCommand', 'UpdateItemCommand']));
  assert.equal(await countUnder('is_active', 'true'), 0);
  // Now they are found by their shop.
  assert.deepEqual(await run('many'), { read: 560, rewritten: 0, unchanged: 560 });
});

test('a flag that somebody changes meanwhile is not written over', async () => {
  const { run, item, put } = await aTable(engine, [
    { user_id: 'x', shop: SHOP, created_at, is_admin: 'true', is_active: 'true' },
  ]);
  let changed = false;
  engine.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'UpdateItemCommand' && !changed) {
          changed = true;
          await put({ user_id: 'x', shop: SHOP, created_at, is_active: 'true' });
        }
        return next(args);
      },
    { step: 'initialize', name: 'changeMeanwhile' },
  );
  assert.deepEqual(await run('many'), { read: 1, rewritten: 1, unchanged: 0 });
  engine.client.middlewareStack.remove('changeMeanwhile');
  const is_active = `${SHOP}#true`;
  assert.deepEqual(await item('x'), { user_id: 'x', shop: SHOP, created_at, is_active, revision: 1 });
});

test('the command prints the counts', async () => {
  const { prefix } = await aTable(engine, people);
  const run = async (...flags: string[]) => {
    const running = startProcess('src/cli/rollcall.js', {
      cwd: aDirectory(),
      args: ['tables', 'rescope', '--shop', SHOP, '--to', 'many', ...flags],
      env: { DYNAMODB_ENDPOINT: engine.url, TABLE_PREFIX: prefix },
    });
    assert.equal(await running.exited, 0, running.output());
    return running.stdout();
  };
  assert.equal(await run('--dry-run'), '8 read, 7 to be rewritten, 1 unchanged\n');
  const counts = { dry_run: true, read: 8, rewritten: 7, unchanged: 1 };
  assert.deepEqual(JSON.parse(await run('--dry-run', '--json')), counts);
  assert.equal(await run(), '8 read, 7 rewritten, 1 unchanged\n');
});
