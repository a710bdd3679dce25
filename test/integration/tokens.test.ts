import { ScanCommand } from '@aws-sdk/client-dynamodb';
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { as } from '../support/api.ts';
import type { OfflineSession } from '../../src/shopify/auth/sessions.ts';
import { aDirectory, startProcess } from '../support/process.ts';
import { KEY, OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';
import { changeSession as changePast, sessionsOf as sessionsPast } from '../support/shop-sessions.ts';

const running = useRollcall();
const shopOf = (domain: string) => running().shops.shop(domain);
const tokens = () => running().rollcall.tokens;

const openPage = (shop = SHOP) => as(running(), shop).get('/api/admins');

const sessionsOf = (keys?: readonly [Buffer, ...Buffer[]]) => sessionsPast(running(), keys);
const changeSession = (changes: Partial<OfflineSession>) => changePast(running(), SHOP, changes);

const anHourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

beforeEach(async () => {
  await openPage();
  const { counts } = shopOf(SHOP);
  Object.assign(counts, { refresh: 0, exchange: 0, migrate: 0 });
});

describe('a token', () => {
  test('is refreshed before it expires', async () => {
    const before = await tokens().accessToken(SHOP);
    await changeSession({ expiresAt: new Date(Date.now() + 4 * 60_000).toISOString() });
    const after = await tokens().accessToken(SHOP);
    assert.notEqual(after, before);
    assert.equal(shopOf(SHOP).tokens.isGood(after), true);
    assert.equal(await tokens().accessToken(SHOP), after);
    assert.equal(shopOf(SHOP).counts.refresh, 1);
  });

  test('that has expired is refreshed once for a hundred callers', async () => {
    await changeSession({ expiresAt: anHourAgo() });
    const got = await Promise.all(Array.from({ length: 100 }, () => tokens().accessToken(SHOP)));
    assert.equal(new Set(got).size, 1);
    assert.equal(shopOf(SHOP).counts.refresh, 1);
  });

  test('that has expired is refreshed once by two processes on one table', async () => {
    await changeSession({ expiresAt: anHourAgo() });
    // Long enough for the second process to ask while the first one waits for Shopify.
    shopOf(SHOP).faults.latency = 300;
    const replicas = [1, 2].map(() =>
      startProcess('test/support/ask-token.ts', { cwd: aDirectory(), env: running().environment }),
    );
    await Promise.all(replicas.map(({ until }) => until(/ready/)));
    for (const { child } of replicas) child.stdin?.write('now\n');
    const got = await Promise.all(replicas.map(({ until }) => until(/token (\S+)/)));
    assert.deepEqual(await Promise.all(replicas.map(({ exited }) => exited)), [0, 0]);
    shopOf(SHOP).faults.latency = 0;
    assert.equal(new Set(got).size, 1);
    assert.equal(shopOf(SHOP).counts.refresh, 1);
  });

  test('whose refresh answer lacks expires_in is taken for an hour, and can be refreshed again', async () => {
    await changeSession({ expiresAt: anHourAgo() });
    shopOf(SHOP).faults.next('expires_in_missing', { on: 'refresh' });
    await tokens().accessToken(SHOP);
    const minutes = (Date.parse((await sessionsOf().get(SHOP))?.expiresAt ?? '') - Date.now()) / 60_000;
    assert.ok(minutes > 59 && minutes <= 60, String(minutes));
    await changeSession({ expiresAt: anHourAgo() });
    assert.equal(shopOf(SHOP).tokens.isGood(await tokens().accessToken(SHOP)), true);
  });

  test('whose refresh answer is lost, or comes as a 502 in HTML, is asked for again', async () => {
    for (const fault of ['answer_lost', 'bad_gateway', 'dropped', 'too_many_requests'] as const) {
      await changeSession({ expiresAt: anHourAgo() });
      shopOf(SHOP).faults.next(fault, { on: 'refresh' });
      assert.equal(shopOf(SHOP).tokens.isGood(await tokens().accessToken(SHOP)), true, fault);
    }
  });

  test('that is good for some minutes more is used as long as Shopify does not answer', async () => {
    const before = await tokens().accessToken(SHOP);
    await changeSession({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    shopOf(SHOP).faults.next('server_error', { on: 'refresh', times: 3 });
    assert.equal(await tokens().accessToken(SHOP), before);
  });
});

describe('a session that Shopify no longer takes', () => {
  test('needs the merchant, asks Shopify once only, and repairs when the page is opened', async () => {
    await changeSession({ expiresAt: anHourAgo() });
    shopOf(SHOP).tokens.revokeAll();
    for (let n = 0; n < 5; n += 1)
      await assert.rejects(tokens().accessToken(SHOP), { code: 'reauthorization_needed' });
    assert.equal(shopOf(SHOP).counts.refresh, 1);
    assert.equal((await openPage()).status, 200);
    assert.equal(shopOf(SHOP).tokens.isGood(await tokens().accessToken(SHOP)), true);
    assert.equal(shopOf(SHOP).counts.exchange, 1);
  });

  test('is renewed after a 401, and given up after a second one', async () => {
    const first = await tokens().accessToken(SHOP);
    await Promise.all(Array.from({ length: 20 }, () => tokens().refused(SHOP, first)));
    assert.equal(shopOf(SHOP).counts.refresh, 1);
    const second = await tokens().accessToken(SHOP);
    assert.notEqual(second, first);
    await assert.rejects(tokens().refused(SHOP, second), { code: 'reauthorization_needed' });
    await assert.rejects(tokens().accessToken(SHOP), { code: 'reauthorization_needed' });
    assert.equal(shopOf(SHOP).counts.refresh, 1);
  });
});

test('a session with a refresh token is not overwritten by one without', async () => {
  const before = await sessionsOf().get(SHOP);
  assert.ok(before !== undefined);
  const { refreshToken: _, ...without } = before;
  await tokens().accept(SHOP, { ...without, accessToken: 'shpat_forever' });
  assert.deepEqual(await sessionsOf().get(SHOP), before);
});

test('an exchange whose answer is lost is made again', async () => {
  shopOf(OTHER_SHOP).faults.next('answer_lost', { on: 'exchange' });
  assert.equal((await openPage(OTHER_SHOP)).status, 200);
  assert.equal(shopOf(OTHER_SHOP).tokens.isGood(await tokens().accessToken(OTHER_SHOP)), true);
});

describe('at rest', () => {
  const everything = async () => {
    const { engine, table } = running();
    const scans = [table('users'), table('rollcall')].map((TableName) =>
      engine.client.send(new ScanCommand({ TableName })),
    );
    return JSON.stringify((await Promise.all(scans)).map(({ Items }) => Items));
  };

  test('no token stands in the clear in any table', async () => {
    const session = await sessionsOf().get(SHOP);
    const dump = await everything();
    assert.ok(dump.includes('"sealed"'));
    for (const secret of [session?.accessToken, session?.refreshToken, 'shpat_', 'shpua_', 'shprt_', 'eyJ'])
      assert.equal(dump.includes(secret ?? 'missing'), false, secret);
  });

  test('a command seals every token with the new key, after which the old one is not needed', async () => {
    const before = await sessionsOf().get(SHOP);
    const key = Buffer.alloc(32, 'n');
    const reencrypt = (...flags: string[]) =>
      startProcess('src/cli/rollcall.js', {
        args: ['tokens', 'reencrypt', ...flags],
        cwd: aDirectory(),
        env: {
          ...running().environment,
          TOKEN_ENCRYPTION_KEY: key.toString('base64'),
          TOKEN_ENCRYPTION_KEY_PREVIOUS: KEY,
        },
      });
    const first = reencrypt();
    assert.equal(await first.exited, 0, first.output());
    assert.match(first.output(), /2 tokens sealed.*0 shops.*\n0 unreadable, 0 busy/);
    assert.deepEqual(await sessionsOf([key]).get(SHOP), before);
    await assert.rejects(sessionsOf().get(SHOP), { code: 'token_unreadable' });
    const again = reencrypt();
    assert.equal(await again.exited, 0);
    assert.match(again.output(), /0 tokens sealed.*2 shops/);
    const forScript = reencrypt('--json');
    assert.equal(await forScript.exited, 0);
    const counts = { sealed: 0, unchanged: 2, unreadable: 0, busy: 0 };
    assert.deepEqual(JSON.parse(forScript.stdout()), counts);
  });

  test('the command goes on past a token that it cannot read and one that is being renewed, and says so', async () => {
    const [old, other] = [Buffer.alloc(32, 'n'), Buffer.alloc(32, 'o')];
    const lease = await sessionsOf([old]).lease(OTHER_SHOP);
    assert.ok(lease !== undefined);
    const results = async (keys: readonly [Buffer, ...Buffer[]]) =>
      [await sessionsOf(keys).reseal(SHOP), await sessionsOf(keys).reseal(OTHER_SHOP)] as const;
    assert.deepEqual(await results([other]), ['unreadable', 'unreadable']);
    const command = startProcess('src/cli/rollcall.js', {
      args: ['tokens', 'reencrypt'],
      cwd: aDirectory(),
      env: {
        ...running().environment,
        TOKEN_ENCRYPTION_KEY: other.toString('base64'),
        TOKEN_ENCRYPTION_KEY_PREVIOUS: old.toString('base64'),
      },
    });
    assert.equal(await command.exited, 1);
    assert.match(command.output(), new RegExp(`${OTHER_SHOP}: busy\n${SHOP}: unreadable`));
    assert.match(command.output(), /0 tokens sealed.*\n1 unreadable, 1 busy/);
    await lease.release();
    assert.deepEqual(await results([other, old]), ['unreadable', 'sealed']);
  });

  test('a token whose key is lost is replaced when the merchant opens the page', async () => {
    assert.equal(shopOf(SHOP).tokens.isGood(await tokens().accessToken(SHOP)), true);
  });
});
