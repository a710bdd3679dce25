import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../src/config.ts';
import { AppError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { listen } from '../src/server.ts';
import type { User } from '../src/users/item.ts';
import type { Users } from '../src/users/store.ts';
import { wire, type Rollcall } from '../src/wire.ts';
import { deliver } from '../test/shop/deliver.ts';
import { createShop, type Message, type Shop } from '../test/shop/shop.ts';
import { startShops, type Shops } from '../test/shop/shops.ts';
import { startAdmin } from '../test/web-standin/admin-server.ts';
import { createDemoClock, type DemoClock } from './clock.ts';
import { changeSomebody, createTraffic } from './traffic.ts';

const DOMAIN = 'rollcall-demo.myshopify.com';
const CUSTOMERS = 200;
const SENDERS = 8;

const once = process.argv.includes('--once');
const print = (line: string) => void process.stdout.write(`${line}\n`);

function printProgress(sent: number, of: number): void {
  const line = `Webhooks sent and answered: ${sent} of ${of}`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}${sent === of ? '\n' : ''}`);
  else if (sent % 100 === 0 || sent === of) print(line);
}

async function sendAll(
  messages: readonly Message[],
  send: (message: Message) => Promise<void>,
): Promise<void> {
  const queue = messages.values();
  let sent = 0;
  const sender = async () => {
    for (const message of queue) {
      await send(message);
      sent += 1;
      printProgress(sent, messages.length);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function toLine(user: User): string {
  const { user_id, shopify_id, first_name, last_name, email, shopify_state, is_active } = user;
  const name = [first_name, last_name].filter(Boolean).join(' ') || '(no name)';
  return `  ${user_id} · shopify_id ${shopify_id} · ${name} · ${email ?? '(no e-mail)'} · ${shopify_state}${is_active ? ', active' : ''}`;
}

/** Compares every user with the shop. */
async function check(shop: Shop, users: Users): Promise<void> {
  for (const customer of shop.customers.values()) {
    const user = await users.getById(`${shop.domain}#${customer.id}`);
    const same =
      user?.email === customer.email &&
      user.first_name === customer.firstName &&
      user.last_name === customer.lastName &&
      user.shopify_state === customer.state &&
      user.is_active === (customer.state === 'enabled') &&
      user.shopify_updated_at === customer.updatedAt.toISOString();
    if (!same) throw new Error(`User ${shop.domain}#${customer.id} is not what the shop says`);
  }
  print(`Read back ${shop.customers.size} users: all are what the shop says. A few of them:`);
  for (const [n, id] of [...shop.customers.keys()].slice(0, 6).entries()) {
    const user = n < 3 ? await users.getById(`${shop.domain}#${id}`) : await users.getByShopifyId(id);
    if (user === undefined) throw new Error(`No user is found by shopify_id ${id}`);
    print(toLine(user));
  }
}

/** Opens the app's page for the first time, as a merchant does who has just installed it. */
async function install(url: string, shops: Shops): Promise<void> {
  const headers = { authorization: `Bearer ${shops.shop(DOMAIN).sessionToken()}` };
  const { status } = await fetch(`${url}/api/admins`, { headers });
  if (status !== 200) throw new Error(`The app answered its page with ${status}`);
  if (shops.shop(DOMAIN).counts.exchange !== 1) throw new Error('The app did not ask the shop for a token');
  print('Installed: the page’s session token was exchanged for an expiring token.');
}

interface Stage {
  readonly url: string;
  readonly clock: DemoClock;
  readonly shop: Shop;
  readonly shops: Shops;
  readonly rollcall: Rollcall;
  readonly prefix: string;
  /** Where the app is shown inside the simulated admin. */
  readonly page: string;
  readonly stop: AbortSignal;
}

/** The whole story, on a running app and a running shop. */
async function play({ url, clock, shop, shops, rollcall, prefix, page, stop }: Stage): Promise<void> {
  const send = async (message: Message) => {
    const status = await deliver({ url, shop: DOMAIN, secret: shops.app.secret() }, message);
    if (status !== 200) throw new Error(`The app answered a ${message.topic} webhook with ${status}`);
  };
  await install(url, shops);
  const traffic = clock.during(() => createTraffic(shop, CUSTOMERS));
  await sendAll(traffic, send);
  await check(shop, rollcall.usersOf(DOMAIN));
  if (once) return;
  print(`\nWhere to look:`);
  print(`  the page   ${page} (inside a simulated admin, in English or German)`);
  print(`  counts     ${url}/metrics (rollcall_webhooks_total)`);
  print(`  health     ${url}/readyz`);
  print(`  the tables ${rollcall.endpoint} (any DynamoDB client), ${prefix}users and ${prefix}rollcall`);
  print(`  the shop   ${shops.url} (simulated: see test/shop/README.md)`);
  print(`\nThe shop goes on changing; Ctrl-C ends it.`);
  const ids = [...shop.customers.keys()];
  for (let n = 0; !stop.aborted; n += 1) {
    const id = ids[(n * 31) % ids.length] ?? '';
    await send(clock.during(() => changeSomebody(shop, id, n)));
    print(`Live: customer ${id} changed, its user too`);
    await sleep(1000, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function demo(stop: AbortSignal): Promise<void> {
  print('Starting an embedded DynamoDB engine, the app and a simulated shop …');
  const clock = createDemoClock();
  const shop = createShop({ domain: DOMAIN, now: clock.now, offset: -300 });
  const app = { clientId: 'rollcall-demo', secret: randomBytes(16).toString('hex') };
  const shops = await startShops({ shops: [shop], app });
  let url = '';
  const sessionToken = () => shops.shop(DOMAIN).sessionToken();
  const admin = await startAdmin({ appUrl: () => url, shop: DOMAIN, sessionToken });
  // Each run has tables of its own, and so begins with empty ones.
  const prefix = `demo_${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_`;
  const config = loadConfig({
    PORT: process.env['PORT'],
    SHOPIFY_APP_URL: 'http://localhost:3000',
    SHOPIFY_API_KEY: app.clientId,
    SHOPIFY_API_SECRET: app.secret,
    SHOPIFY_STANDIN_URL: shops.url,
    ADMIN_STANDIN_URL: admin.url,
    SHOP: DOMAIN,
    DYNAMODB_ENDPOINT: 'embedded',
    TABLE_PREFIX: prefix,
    LOG_LEVEL: 'warn',
  });
  try {
    const rollcall = await wire(config, createLog(config.logLevel));
    try {
      const server = await listen(rollcall.app, config.port);
      rollcall.background.start();
      url = `http://localhost:${server.port}`;
      await play({ url, clock, shop, shops, rollcall, prefix, page: admin.url, stop });
      await server.drain(5000);
      await rollcall.drain(5000);
    } finally {
      await rollcall.close();
    }
  } finally {
    await Promise.all([shops.close(), admin.close()]);
  }
  print('Done.');
}

const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
process.on('SIGTERM', () => stop.abort());
try {
  await demo(stop.signal);
  process.exit(0);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The demo failed: ${error instanceof AppError ? error.message : message}\n`);
  process.exit(1);
}
