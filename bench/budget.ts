import { loadavg } from 'node:os';
import { createLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { createAdmin } from '../src/shopify/admin/admin.ts';
import { customerSnapshots } from '../src/shopify/admin/queries.ts';
import { createTransport } from '../src/shopify/transport.ts';
import { createShop } from '../simulator/shop/shop.ts';
import { startShops } from '../simulator/shop/shops.ts';
import { APP, DOMAIN } from '../simulator/shop/visit.ts';
import { createMembers } from '../test/support/create-people.ts';

// How near 200 queries at once come to the time that Shopify's restore rate allows, from one process and from two that
// throttle each other. On the real clock, with limits under which it takes some seconds.
//   npm run bench:budget

const QUERIES = 200;
/** Of a query for ten members: 7 points each. */
const POINTS = 70;
const limits = { maximum: 1000, restoreRate: 1500 };
const allowed = (QUERIES * POINTS - limits.maximum) / limits.restoreRate;

async function storm(processes: number) {
  const shop = createShop({ domain: DOMAIN, now: () => new Date(), offset: 0 });
  const shops = await startShops({ shops: [shop], app: APP, limits });
  const token = shops.shop(DOMAIN).tokens.issue({ expiring: false }).access_token;
  const tokens = { accessToken: async () => token, refused: async () => undefined };
  const metrics = createMetrics();
  const transport = createTransport({ standInUrl: shops.url, timeout: 10_000 });
  const ids = createMembers(shop, 10);
  const admins = Array.from({ length: processes }, () =>
    createAdmin({ transport, tokens, metrics, log: createLog('silent') }),
  );
  const start = performance.now();
  const each = Array.from({ length: QUERIES / processes });
  await Promise.all(
    admins.flatMap((admin) =>
      each.map(() => admin.query(DOMAIN, customerSnapshots, { ids }, { priority: 'background' })),
    ),
  );
  const seconds = (performance.now() - start) / 1000;
  const throttled = /outcome="throttled"\} (\d+)/.exec(await metrics.registry.metrics())?.[1] ?? '0';
  await shops.close();
  return { seconds, throttled };
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
print(`| processes | seconds | of the ${allowed.toFixed(1)} s that the rate allows | throttled |`);
print('| ---: | ---: | ---: | ---: |');
for (const processes of [1, 2]) {
  const { seconds, throttled } = await storm(processes);
  print(`| ${processes} | ${seconds.toFixed(2)} | ${(seconds / allowed).toFixed(2)} times | ${throttled} |`);
}
print(`Load ${loadavg()[0]?.toFixed(1)}.`);
