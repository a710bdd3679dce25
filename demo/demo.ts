import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/config.ts';
import { AppError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { listen } from '../src/http/server.ts';
import { createRollcall, type Rollcall } from '../src/rollcall.ts';
import { deliver, type DeliverOptions } from '../simulator/webhooks/deliver.ts';
import { createShop, type Message, type Shop } from '../simulator/shop/shop.ts';
import { startShops, type Shops } from '../simulator/shop/shops.ts';
import { startAdmin } from '../simulator/admin-frame/admin-server.ts';
import { checkUsers } from './check.ts';
import { createDemoClock, type DemoClock } from './clock.ts';
import { createEarlierCustomers } from './earlier.ts';
import { print, printProgress } from './print.ts';
import { changeSomebody, createTraffic } from './traffic.ts';
import { findTrouble } from './trouble.ts';

const DOMAIN = 'rollcall-demo.myshopify.com';
const NEW_CUSTOMERS = 200;
const SENDERS = 8;
const YEAR_SECONDS = 365 * 86_400;
/** Seconds between two earlier customers, so that they spread over most of a year. */
const STRIDE_SECONDS = 600;

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    customers: { type: 'string' },
    /** What goes wrong once everybody is here; see trouble.ts. */
    trouble: { type: 'string' },
  },
});
const { once } = options;
// A full sync takes its time on the embedded engine: the page shows it, and one who only wants to see the end waits for less.
const earlierCustomers = Number(options.customers ?? (once ? 1000 : 10_000));

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
      printProgress('Webhooks sent and answered', sent, messages.length);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

/** Opens the app's page as a merchant who has just installed it. */
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
  /** The URL of the app in the simulated admin. */
  readonly page: string;
  readonly stop: AbortSignal;
}

/** Waits for the full sync that the installation has begun, which brings in those who were there before the app came. */
async function waitForFullSync({ ledger }: Rollcall, stop: AbortSignal): Promise<void> {
  for (; !stop.aborted; await sleep(200, undefined, { signal: stop }).catch(() => undefined)) {
    const { last } = await ledger.fullSyncReports.latest(DOMAIN);
    if (last === undefined) continue;
    const { complete, listed, duration_ms: took, problem } = last;
    if (!complete) throw new Error(`The full sync is not complete: ${problem}`);
    print(`Read ${listed} customers in ${Math.round(took / 1000)} s, with their roles and plans: complete`);
    return;
  }
}

function printPlaces({ url, rollcall, shops, prefix, page }: Stage): void {
  print(`\nWhere to look:`);
  print(`  the page   ${page} (inside a simulated admin, in English or German)`);
  print(`  counts     ${url}/metrics (rollcall_webhooks_total)`);
  print(`  health     ${url}/readyz`);
  print(`  the tables ${rollcall.endpoint} (any DynamoDB client), ${prefix}users and ${prefix}rollcall`);
  print(`  the shop   ${shops.url} (simulated: see simulator/README.md)\n`);
}

/** Delivers a webhook; repeats it up to eight times without a 200, as Shopify does, but at once. */
async function deliverOften(to: DeliverOptions, message: Message): Promise<void> {
  let answer = '';
  for (let delivery = 0; delivery <= 8; delivery += 1) {
    const status = await deliver(to, message).catch(() => undefined);
    if (status === 200) return;
    answer = status === undefined ? 'not answered in time' : `answered with ${status}`;
  }
  throw new Error(`A ${message.topic} webhook was ${answer}, nine times`);
}

/** The steps of the demo, on a running app and shop. */
async function play(stage: Stage): Promise<void> {
  const { url, clock, shop, shops, rollcall, stop } = stage;
  const send = (message: Message) => deliverOften({ url, shop: DOMAIN, secret: shops.app.secret() }, message);
  clock.startAgain(YEAR_SECONDS);
  clock.during(() => createEarlierCustomers(shop, earlierCustomers), STRIDE_SECONDS);
  print(`The shop has ${shop.customers.size} customers from before the app.`);
  rollcall.scheduler.start();
  await install(url, shops);
  clock.startAgain(3600);
  const traffic = clock.during(() => createTraffic(shop, NEW_CUSTOMERS));
  await sendAll(traffic, send);
  await checkUsers(shop, [...shop.customers.keys()].slice(earlierCustomers), rollcall.usersOf(DOMAIN));
  if (!once) printPlaces(stage);
  await waitForFullSync(rollcall, stop);
  if (once) return;
  if (options.trouble !== undefined) {
    const trouble = findTrouble(options.trouble);
    await trouble.begin({ running: shops.shop(DOMAIN), url });
    print(
      `Trouble: ${trouble.what}. The page shows it on Home and Sync; “Sync everybody now” meets it at once.`,
    );
  }
  print(`The shop goes on changing; Ctrl-C ends it.`);
  const ids = [...shop.customers.keys()];
  for (let n = 0; !stop.aborted; n += 1) {
    const id = ids[(n * 31) % ids.length] ?? '';
    await send(changeSomebody(shop, id, n));
    print(`Live: customer ${id} changed, its user too`);
    await sleep(1000, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function demo(stop: AbortSignal): Promise<void> {
  // A name that is wrong is told before anything starts.
  if (options.trouble !== undefined) findTrouble(options.trouble);
  print('Starting an embedded DynamoDB engine, the app and a simulated shop …');
  const clock = createDemoClock();
  const shop = createShop({ domain: DOMAIN, now: clock.now, offset: -300 });
  const app = { clientId: 'rollcall-demo', secret: randomBytes(16).toString('hex') };
  const shops = await startShops({ shops: [shop], app });
  let url = '';
  const sessionToken = () => shops.shop(DOMAIN).sessionToken();
  const admin = await startAdmin({ appUrl: () => url, shop: DOMAIN, sessionToken });
  // Each run has new, empty tables.
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
    // Nothing else uses the engine.
    SYNC_WRITE_UNITS_PER_SECOND: '100000',
  });
  try {
    const rollcall = await createRollcall(config, createLog(config.logLevel));
    try {
      const server = await listen(rollcall.app, config.port);
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
