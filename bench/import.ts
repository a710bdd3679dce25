import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, REQUESTS, type Connection } from '../src/dynamodb/connect.ts';
import { createFullSyncWay, plainLoop, updatesAlone, type Way } from './import-ways.ts';

// How fast customers come through a full sync, beside a plain loop and beside what the engine can do with the same
// client; and how much memory it takes. A call to an engine on loopback is answered at once, one to DynamoDB after some
// milliseconds: the second table has a wait of DELAY_MS before each call, in all three ways.
//   DYNAMODB_ENDPOINT=http://127.0.0.1:8123 node bench/import.ts 10000          all three, in turns, both tables
//   DYNAMODB_ENDPOINT=http://127.0.0.1:8123 node bench/import.ts 10000 20       with a wait of 20 ms instead of 5
//   DYNAMODB_ENDPOINT=http://127.0.0.1:8123 node bench/import.ts 200000 memory  the full sync alone

const ROUNDS = 3;
/** The plain loop is slow: measured with a part of the customers. */
const LOOP_SHARE = 0.1;
/** Imported before the measurement, as a warm-up. */
const WARM_UP = 500;
const COUNT = Number(process.argv[2] ?? 10_000);
const isMemoryOnly = process.argv[3] === 'memory';
const DELAY_MS = isMemoryOnly ? 0 : Number(process.argv[3] ?? 5);
const url = process.env['DYNAMODB_ENDPOINT'];
if (url === undefined) throw new Error('Set DYNAMODB_ENDPOINT to dynoxide, or to another engine');
const tables = { tablePrefix: '', region: 'us-east-1', dynamo: { kind: 'endpoint', url } } as const;

const print = (line: string) => void process.stdout.write(`${line}\n`);

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}

/** A client that delays every call. */
async function connectLate(delayMs: number): Promise<Connection> {
  const connection = await connect(tables, REQUESTS);
  const late = { step: 'finalizeRequest', name: 'late', priority: 'low' } as const;
  connection.client.middlewareStack.add(
    (next) => async (args) => {
      await sleep(delayMs);
      return next(args);
    },
    late,
  );
  return connection;
}

interface Measured {
  readonly perSecond: number;
  /** CPU milliseconds of this process for one customer, all threads. */
  readonly cpu: number;
  /** The event loop's utilization. */
  readonly busy: number;
}

async function measure(way: Way, connection: Connection, count: number): Promise<Measured> {
  const work = await way(connection, count);
  const [began, cpuBefore, loopBefore] = [
    performance.now(),
    process.cpuUsage(),
    performance.eventLoopUtilization(),
  ];
  await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  const { utilization } = performance.eventLoopUtilization(loopBefore);
  const perSecond = (count / (performance.now() - began)) * 1000;
  return { perSecond, cpu: (user + system) / 1000 / count, busy: utilization };
}

async function compare(fullSync: Way, delayMs: number): Promise<void> {
  const connection = delayMs === 0 ? await connect(tables, REQUESTS) : await connectLate(delayMs);
  const ways = [
    { name: 'a plain loop of GetItem + PutItem', way: plainLoop, count: Math.ceil(COUNT * LOOP_SHARE) },
    { name: 'the full sync', way: fullSync, count: COUNT },
    { name: 'its updates alone, as many at once', way: updatesAlone, count: COUNT },
  ];
  for (const { way } of ways) await measure(way, connection, Math.min(COUNT, WARM_UP));
  const rounds: Measured[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured: Measured[] = [];
    for (const { way, count } of ways) measured.push(await measure(way, connection, count));
    rounds.push(measured);
  }
  const of = (n: number, figure: keyof Measured) => median(rounds.map((round) => round[n]?.[figure] ?? 0));
  const share = (n: number) =>
    median(rounds.map((round) => (round[1]?.perSecond ?? 0) / (round[n]?.perSecond ?? 1)));

  print(`| ${delayMs} ms before each call | customers/s | client's CPU, ms each | client busy |`);
  print('| --- | ---: | ---: | ---: |');
  for (const [n, { name }] of ways.entries()) {
    const [perSecond, cpu, busy] = [of(n, 'perSecond'), of(n, 'cpu'), of(n, 'busy')];
    print(`| ${name} | ${Math.round(perSecond)} | ${cpu.toFixed(2)} | ${Math.round(busy * 100)} % |`);
  }
  print(`The full sync is ${share(0).toFixed(1)} times the loop and ${share(2).toFixed(2)} of the updates.`);
  print(`Medians of ${ROUNDS} rounds of ${COUNT}; load ${loadavg()[0]?.toFixed(1)}.\n`);
  await connection.close();
}

async function fillMemory(fullSync: Way): Promise<void> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const connection = await connect(tables, REQUESTS);
  const { perSecond } = await measure(fullSync, connection, COUNT);
  clearInterval(watch);
  await connection.close();
  print(`${COUNT} lines, ${Math.round(perSecond)} customers/s, at most ${Math.round(peak / 2 ** 20)} MB RSS`);
}

const program = new URL('result-server.ts', import.meta.url).pathname;
const results = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
const [printed]: unknown[] = await once(results.stdout, 'data');
const fullSync = createFullSyncWay(String(printed).trim());
if (isMemoryOnly) await fillMemory(fullSync);
else for (const delayMs of new Set([0, DELAY_MS])) await compare(fullSync, delayMs);
results.stdin.end();
