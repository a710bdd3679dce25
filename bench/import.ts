import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { standingOf } from '../src/customers/membership.ts';
import { fromGraphql } from '../src/customers/snapshot.ts';
import { createCertificates } from '../src/ledger/certificates.ts';
import { createInstalls } from '../src/ledger/installs.ts';
import { createJobs } from '../src/ledger/jobs.ts';
import { createPlans } from '../src/ledger/plans.ts';
import { ledgerTable } from '../src/ledger/schema.ts';
import { connect, SERVER } from '../src/connect.ts';
import { createLog } from '../src/log.ts';
import type { Admin } from '../src/shopify/admin.ts';
import { createBulkOperations } from '../src/shopify/bulk-operations.ts';
import { createTransport } from '../src/shopify/transport.ts';
import { createBackfill } from '../src/sync/backfill.ts';
import { createImportCustomers } from '../src/sync/import-customers.ts';
import { createNudges } from '../src/sync/nudges.ts';
import { createMissingTable } from '../src/tables/ensure.ts';
import { createCursors } from '../src/users/cursor.ts';
import { usersTable } from '../src/users/schema.ts';
import { snapshotCommand } from '../src/users/snapshot-commands.ts';
import { createUsers } from '../src/users/store.ts';

// How fast customers come through a backfill, beside a plain loop and beside what the engine can do with the same
// client; and how much memory it takes.
//   DYNAMODB_ENDPOINT=http://127.0.0.1:8123 node bench/import.ts 10000          all three, in turns
//   DYNAMODB_ENDPOINT=http://127.0.0.1:8123 node bench/import.ts 200000 memory  the backfill alone

const SHOP = 'toys.myshopify.com';
/** As many writes as the import has under way. */
const AT_ONCE = 16;
/** The plain loop is slow: a part of the customers will do. */
const LOOP_SHARE = 0.1;
const ROUNDS = 3;
const COUNT = Number(process.argv[2] ?? 10_000);
const isMemoryOnly = process.argv[3] === 'memory';
const url = process.env['DYNAMODB_ENDPOINT'];
if (url === undefined) throw new Error('Set DYNAMODB_ENDPOINT to dynoxide, or to another engine');

function aNode(n: number) {
  const createdAt = new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString();
  const flag = (every: number) => (n % every === 0 ? { jsonValue: true } : null);
  return {
    id: `gid://shopify/Customer/${706405506930370000n + BigInt(n)}`,
    firstName: `Ada${n}`,
    lastName: 'Lovelace',
    defaultEmailAddress: { emailAddress: `ada${n}@example.com` },
    state: 'ENABLED',
    tags: ['newsletter', 'vip'],
    verifiedEmail: true,
    createdAt,
    updatedAt: createdAt,
    is_admin: flag(100),
    is_featured_author: flag(50),
    membership_plan: null,
  };
}

function* lines(): Generator<string> {
  for (let n = 0; n < COUNT; n += 1) yield `${JSON.stringify(aNode(n))}\n`;
}

const results = createServer((_request, response) => void Readable.from(lines()).pipe(response)).listen(0);
await once(results, 'listening');
const address = results.address();
const resultUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/result.jsonl`;

const connection = await connect(
  { tablePrefix: '', region: 'us-east-1', dynamo: { kind: 'endpoint', url } },
  SERVER,
);
const { client, documents } = connection;
const now = () => new Date();

async function newTables() {
  const prefix = `b${randomUUID().slice(0, 8)}_`;
  await createMissingTable({ client, prefix }, usersTable);
  await createMissingTable({ client, prefix }, ledgerTable);
  const context = { shop: SHOP, oneShop: false, activeStates: new Set(['enabled']), table: `${prefix}users` };
  return { context, ledger: { client: documents, table: `${prefix}rollcall`, now } };
}

/** Work in milliseconds to customers a second. */
async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}

async function backfill(): Promise<number> {
  const { context, ledger } = await newTables();
  const cursors = createCursors(['bench']);
  const users = createUsers({ ...context, client: documents, cursors, now });
  const admin: Admin = { query: async () => Promise.reject(new Error('Nobody is to be asked for')) };
  const transport = createTransport({ standInUrl: undefined, timeout: 3_600_000 });
  const createdAt = now().toISOString();
  const bulk = {
    ...createBulkOperations({ admin, transport }),
    start: async () => ({ kind: 'started' as const, id: 'gid://shopify/BulkOperation/1' }),
    state: async () => ({ status: 'COMPLETED' as const, createdAt, objectCount: COUNT, url: resultUrl }),
  };
  const plans = createPlans(ledger);
  const log = createLog('silent');
  const importCustomers = createImportCustomers({
    usersOf: () => users,
    plans,
    rules: { membershipPrefix: undefined, featuredAuthor: undefined },
    refresh: async () => Promise.reject(new Error('Nobody is to be asked for')),
    pace: async () => undefined,
    log,
  });
  const jobs = createJobs(ledger);
  const installs = createInstalls(ledger);
  const certificates = createCertificates(ledger);
  const nudges = createNudges();
  const run = createBackfill({
    nudges,
    admin,
    bulk,
    importCustomers,
    jobs,
    installs,
    certificates,
    log,
    now,
  });
  return rate(COUNT, async () => {
    const certificate = await (await run.begin(SHOP, new AbortController().signal))?.finished;
    if (certificate?.complete !== true) throw new Error(`Not complete: ${certificate?.problem}`);
  });
}

/** What a first program of this kind does: look, then put. */
async function plainLoop(): Promise<number> {
  const { context } = await newTables();
  const count = Math.ceil(COUNT * LOOP_SHARE);
  return rate(count, async () => {
    for (let n = 0; n < count; n += 1) {
      const { customer } = fromGraphql(aNode(n));
      const Key = { user_id: `${SHOP}#${customer.id}` };
      await documents.send(new GetCommand({ TableName: context.table, Key }));
      const { email, firstName, lastName } = customer.profile;
      const Item = {
        ...Key,
        shop: SHOP,
        shopify_id: customer.id,
        is_active: `${SHOP}#true`,
        email,
        first_name: firstName,
        last_name: lastName,
        created_at: customer.createdAt,
      };
      await documents.send(new PutCommand({ TableName: context.table, Item }));
    }
  });
}

/** The same updates, made beforehand and only sent. */
async function engineAlone(): Promise<number> {
  const { context } = await newTables();
  const rules = { membershipPrefix: undefined, featuredAuthor: undefined };
  const commands: UpdateCommandInput[] = [];
  for (let n = 0; n < COUNT; n += 1) {
    const snapshot = fromGraphql(aNode(n));
    const command = snapshotCommand(context, snapshot, standingOf(snapshot, new Map(), rules), undefined);
    if (command !== undefined) commands.push(command);
  }
  const limit = pLimit(AT_ONCE);
  return rate(COUNT, () =>
    Promise.all(commands.map((command) => limit(() => documents.send(new UpdateCommand(command))))),
  );
}

let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
const print = (line: string) => void process.stdout.write(`${line}\n`);
const median = (rates: number[]) => rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;

if (isMemoryOnly) {
  const perSecond = await backfill();
  print(`${COUNT} lines, ${Math.round(perSecond)} customers/s, at most ${Math.round(peak / 2 ** 20)} MB RSS`);
} else {
  const rates: { loop: number[]; backfill: number[]; engine: number[] } = {
    loop: [],
    backfill: [],
    engine: [],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.loop.push(await plainLoop());
    rates.backfill.push(await backfill());
    rates.engine.push(await engineAlone());
  }
  const [loop, ours, engine] = [median(rates.loop), median(rates.backfill), median(rates.engine)];
  print(`| | customers/s (median of ${ROUNDS} rounds of ${COUNT}) |`);
  print('| --- | ---: |');
  print(`| a plain loop of GetItem + PutItem | ${Math.round(loop)} |`);
  print(`| the backfill | ${Math.round(ours)} |`);
  print(`| the same conditional updates at the same concurrency | ${Math.round(engine)} |`);
  print(
    `The backfill is ${(ours / loop).toFixed(1)} times the loop and ${(ours / engine).toFixed(2)} of the updates.`,
  );
}
clearInterval(watch);
results.close();
results.closeAllConnections();
await connection.close();
