import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, test } from 'node:test';
import { deliver, signedHeaders } from '../../simulator/webhooks/deliver.ts';
import { createShop } from '../../simulator/shop/shop.ts';
import { startShops } from '../../simulator/shop/shops.ts';
import { APP } from '../../simulator/shop/visit.ts';
import { aPrefix } from '../support/tables.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { aDirectory, startCommand, startProcess } from '../support/process.ts';
import { startEngine } from '../support/engine.ts';
import { createCustomer, setRole, told } from '../support/merchant.ts';
import { API_KEY, KEY, SECRET, SHOP } from '../support/rollcall.ts';

const settings = {
  SHOPIFY_APP_URL: 'https://rollcall.example.com',
  SHOPIFY_API_KEY: API_KEY,
  SHOPIFY_API_SECRET: SECRET,
  DYNAMODB_ENDPOINT: 'embedded',
  PORT: '0',
};

test('a start without settings stops with every problem', async () => {
  const { exited, output } = startProcess('src/main.ts', { cwd: aDirectory() });
  assert.equal(await exited, 1);
  assert.match(output(), /SHOPIFY_API_SECRET is missing/);
  assert.match(output(), /AWS_REGION is missing/);
  assert.doesNotMatch(output(), /\n\s+at /, 'a sentence, not a stack');
});

test('after SIGTERM a request in flight is answered, a new one refused, and the exit code is 0', async () => {
  const { child, until, exited } = startProcess('src/main.ts', { cwd: aDirectory(), env: settings });
  const port = Number(/"port":(\d+)/.exec(await until(/listening/))?.[1]);

  const message = aCustomerUpdate();
  const body = Buffer.from(message.body);
  const headers = {
    ...signedHeaders(SHOP, SECRET, message),
    host: 'localhost',
    'content-length': String(body.length),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(port, '127.0.0.1');
  socket.write(`POST /webhooks HTTP/1.1\r\n${head.join('')}\r\n`);
  socket.write(body.subarray(0, 20));
  // Once another request is answered, the server has surely seen the first one too.
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);

  const signalled = Date.now();
  child.kill('SIGTERM');
  await until(/stopping/);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
  socket.write(body.subarray(20));
  const [answer]: unknown[] = await once(socket, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
  assert.equal(await exited, 0);
  assert.ok(Date.now() - signalled < 10_000);
});

test('a SIGTERM to `npm start` ends the server, which frees its port', async () => {
  const engine = await startEngine();
  after(() => engine.close());
  const { child, until, exited, output } = startCommand('npm', {
    args: ['start'],
    cwd: new URL('../..', import.meta.url).pathname,
    env: {
      ...settings,
      DYNAMODB_ENDPOINT: engine.url,
      TABLE_PREFIX: aPrefix(),
      TOKEN_ENCRYPTION_KEY: KEY,
    },
  });
  const port = Number(/"port":(\d+)/.exec(await until(/listening/))?.[1]);
  child.kill('SIGTERM');
  const [code]: unknown[] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.equal(await exited, 0);
  assert.match(output(), /stopped/);
  const server = createServer().listen(port);
  await once(server, 'listening');
  server.close();
});

/** The app in a process of its own, opened by a merchant's staff at the simulated shop. */
async function startInstalled() {
  const engine = await startEngine();
  const shop = createShop({ domain: SHOP, now: () => new Date(), offset: 0 });
  const shops = await startShops({ shops: [shop], app: APP });
  const prefix = aPrefix();
  const key = { TOKEN_ENCRYPTION_KEY: KEY, SHOPIFY_STANDIN_URL: shops.url };
  const env = { ...settings, ...key, DYNAMODB_ENDPOINT: engine.url, TABLE_PREFIX: prefix };
  const { child, until, exited } = startProcess('src/main.ts', { cwd: aDirectory(), env });
  const port = Number(/"port":(\d+)/.exec(await until(/listening/))?.[1]);
  const url = `http://127.0.0.1:${port}`;
  const authorization = `Bearer ${shops.shop(SHOP).sessionToken()}`;
  assert.equal((await fetch(`${url}/api/admins`, { headers: { authorization } })).status, 200);

  async function makeAdmin(id: string): Promise<void> {
    assert.equal(
      await deliver({ url, shop: SHOP, secret: SECRET }, told(setRole(shop, id, 'is_admin', true))),
      200,
    );
  }
  async function close(): Promise<void> {
    await shops.close();
    await engine.close();
  }
  const { faults } = shops.shop(SHOP);
  return { client: engine.client, prefix, shop, faults, makeAdmin, port, url, child, exited, close };
}

test('after SIGTERM the customers that wait for their snapshot still get it', async () => {
  const { client, prefix, shop, makeAdmin, child, exited, close } = await startInstalled();
  const id = createCustomer(shop);
  await makeAdmin(id);
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  const { Item } = await client.send(
    new GetItemCommand({ TableName: `${prefix}users`, Key: { user_id: { S: `${SHOP}#${id}` } } }),
  );
  await close();
  assert.deepEqual(Item?.['is_admin'], { S: `${SHOP}#true` });
});

test('after SIGTERM the customers whose snapshot is missing are recorded, also if a connection is slow', async () => {
  const { client, prefix, shop, faults, makeAdmin, port, url, child, exited, close } = await startInstalled();
  const ids = Array.from({ length: 60 }, () => createCustomer(shop));
  faults.latency = 60_000;
  for (const id of ids) await makeAdmin(id);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /webhooks HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n');
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const signalled = Date.now();
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.ok(Date.now() - signalled < 10_000);
  const { Count } = await client.send(
    new QueryCommand({
      TableName: `${prefix}rollcall`,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${SHOP}#pending_refresh` } },
    }),
  );
  await close();
  assert.equal(Count, ids.length);
});

test('a second process on the same data stops with a sentence that says so', async () => {
  const cwd = aDirectory();
  const first = startProcess('src/main.ts', { cwd, env: settings });
  await first.until(/listening/);
  const second = startProcess('src/main.ts', { cwd, env: settings });
  assert.equal(await second.exited, 1);
  assert.match(second.output(), /most likely another Rollcall uses them/);
  assert.doesNotMatch(second.output(), /\n\s+at /);
  first.child.kill('SIGTERM');
  assert.equal(await first.exited, 0);
});

test('a port that is taken is named', async () => {
  const first = startProcess('src/main.ts', { cwd: aDirectory(), env: settings });
  const port = /"port":(\d+)/.exec(await first.until(/listening/))?.[1] ?? '';
  const second = startProcess('src/main.ts', { cwd: aDirectory(), env: { ...settings, PORT: port } });
  assert.equal(await second.exited, 1);
  assert.match(second.output(), new RegExp(`Port ${port} is taken`));
  first.child.kill('SIGINT');
  assert.equal(await first.exited, 0);
});

test('the demo runs through once', async () => {
  const { exited, output } = startProcess('demo/demo.ts', {
    cwd: aDirectory(),
    args: ['--once', '--customers=300'],
    env: { PORT: '0' },
  });
  assert.equal(await exited, 0, output());
  assert.match(output(), /Read back 200 users: all are what the shop says/);
  assert.match(output(), /Read 500 customers in \d+ s, with their roles and plans: complete/);
});

test('the demo has trouble of a name, and says which there are', async () => {
  const start = (name: string) =>
    startProcess('demo/demo.ts', {
      cwd: aDirectory(),
      args: ['--customers=50', `--trouble=${name}`],
      env: { PORT: '0' },
    });
  const unknown = start('rain');
  assert.equal(await unknown.exited, 1);
  assert.match(unknown.output(), /no trouble rain; there are withheld-fields, /);
  const odd = start('odd-deliveries');
  await odd.until(/Trouble: signed webhooks come with one oddity/);
  await odd.until(/Live: customer/);
  odd.child.kill('SIGINT');
  assert.equal(await odd.exited, 0, odd.output());
});

test('the demo goes on until Ctrl-C, ends cleanly, and a second one beside it says why it cannot run', async () => {
  const cwd = aDirectory();
  const first = startProcess('demo/demo.ts', { cwd, args: ['--customers=50'], env: { PORT: '0' } });
  await first.until(/Live: customer/);
  const second = startProcess('demo/demo.ts', {
    cwd,
    args: ['--once', '--customers=50'],
    env: { PORT: '0' },
  });
  assert.equal(await second.exited, 1);
  assert.match(second.output(), /The demo failed: .*most likely another Rollcall uses them/);
  first.child.kill('SIGINT');
  assert.equal(await first.exited, 0, first.output());
});
