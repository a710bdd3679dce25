import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { loadConfig } from '../src/config/config.ts';
import { createLog } from '../src/log.ts';
import { createRollcall } from '../src/rollcall.ts';
import { createShop } from '../simulator/shop/shop.ts';
import { startShops } from '../simulator/shop/shops.ts';
import { APP, createClock, DOMAIN } from '../simulator/shop/visit.ts';
import { createPeople } from '../test/support/create-people.ts';
import { startEngine } from '../test/support/engine.ts';
import { savePlan } from '../test/support/merchant.ts';
import { API_KEY, KEY, LIMITS, SECRET } from '../test/support/rollcall.ts';
import { aPrefix } from '../test/support/tables.ts';

/** What the runs of one kind of job have used in an hour. */
export interface Used {
  readonly runs: number;
  readonly requests: number;
  /** By DynamoDB's rule: 4 KB each, half of that where it is eventually consistent. */
  readonly readUnits: number;
  readonly writes: number;
  /** To Shopify. */
  readonly queries: number;
}

const MINUTES = 60;
const request = z.looseObject({
  ConsistentRead: z.boolean().optional(),
  RequestItems: z.unknown().optional(),
});
const answer = z.looseObject({
  Item: z.unknown().optional(),
  Items: z.array(z.unknown()).optional(),
  Responses: z.record(z.string(), z.array(z.unknown())).optional(),
});
const blocksOf = (value: unknown) =>
  Math.max(1, Math.ceil(Buffer.byteLength(JSON.stringify(value ?? '')) / 4096));

function toReadUnits(input: unknown, output: unknown): number {
  const { Item, Items, Responses } = answer.parse(output);
  if (Responses !== undefined)
    return Object.values(Responses)
      .flat()
      .reduce<number>((sum, item) => sum + blocksOf(item), 0);
  const { ConsistentRead = false } = request.parse(input);
  return blocksOf(Items ?? Item) * (ConsistentRead ? 1 : 0.5);
}

/** Measures the whole program with one shop in which nothing happens, after its first full sync. */
export async function measureIdleShop(): Promise<Readonly<Record<string, Used>>> {
  const engine = await startEngine();
  const clock = createClock();
  const shop = createShop({ domain: DOMAIN, now: clock.now, offset: 0 });
  const limits = { restoreRate: 1e6, maximum: 1e6 };
  const shops = await startShops({ shops: [shop], app: APP, bulkPolls: 1, limits });
  const used = { requests: 0, readUnits: 0, writes: 0 };

  function count(client: DynamoDBDocumentClient): void {
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const result = await next(args);
          used.requests += 1;
          if (/Get|Query/.test(String(commandName))) used.readUnits += toReadUnits(args.input, result.output);
          else used.writes += 1;
          return result;
        },
      { step: 'initialize', name: 'count', priority: 'low' },
    );
  }

  const config = loadConfig({
    SHOPIFY_APP_URL: 'https://rollcall.example.com',
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: SECRET,
    DYNAMODB_ENDPOINT: engine.url,
    TOKEN_ENCRYPTION_KEY: KEY,
    SHOPIFY_STANDIN_URL: shops.url,
    TABLE_PREFIX: aPrefix(),
  });
  const rollcall = await createRollcall(config, createLog('silent'), {
    limits: LIMITS,
    now: clock.now,
    prepareClient: count,
    async sleep(milliseconds) {
      clock.pass(milliseconds / 1000);
      await setImmediate();
    },
  });

  const { ledger, scheduler, tokens } = rollcall;
  for (const [n, handle] of ['gold', 'silver', 'basic'].entries())
    savePlan(shop, handle, { name: handle, tier: String(3 - n), price: '9.50' });
  const [id = ''] = createPeople(shop, 200);
  // Reconciling compares those once more whose change was within five minutes of the last one.
  clock.pass(600);
  shop.update(id, { firstName: 'Last' });
  const at = clock.now().toISOString();
  await ledger.installs.record(DOMAIN, { kind: 'confirmed', at });
  const running = shops.shop(DOMAIN);
  await tokens.accept(DOMAIN, {
    accessToken: running.tokens.issue({ expiring: false }).access_token,
    expiresAt: '2100-01-01T00:00:00.000Z',
    scope: 'read_customers',
    authorizedAt: at,
  });
  for (const name of ['plans', 'reconcile']) await ledger.jobs.request(DOMAIN, name, 'short');
  await ledger.jobs.request(DOMAIN, 'full', 'full');
  for (let n = 0; n < 5; n += 1) await scheduler.runDue();
  // What was just installed has settled: only its regular work is left.
  clock.pass(2 * 3600);
  for (let n = 0; n < 5; n += 1) await scheduler.runDue();

  const hour: Record<string, Used> = {};
  for (let minute = 0; minute < MINUTES; minute += 1) {
    clock.pass(60);
    const due = [...(await ledger.jobs.list(DOMAIN))].filter(
      ([, { dueAt }]) => (dueAt ?? '9') <= clock.now().toISOString(),
    );
    for (const [name] of due) {
      Object.assign(used, { requests: 0, readUnits: 0, writes: 0 });
      const { graphql } = running.counts;
      await scheduler.wake(DOMAIN, name);
      const before = hour[name] ?? { runs: 0, requests: 0, readUnits: 0, writes: 0, queries: 0 };
      hour[name] = {
        runs: before.runs + 1,
        requests: before.requests + used.requests,
        readUnits: before.readUnits + used.readUnits,
        writes: before.writes + used.writes,
        queries: before.queries + running.counts.graphql - graphql,
      };
    }
  }
  await rollcall.close();
  await shops.close();
  await engine.close();
  return hour;
}
