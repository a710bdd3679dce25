import { createIdStore } from '../src/sync/full/id-store.ts';

// How much memory and time it takes a full sync to remember whom it has met: node bench/id-store.ts 5000000 [random]

const COUNT = Number(process.argv[2] ?? 5_000_000);
const isRandom = process.argv[3] === 'random';
const FIRST_ID = 706405506930370000n;
/** A prime, so that a walk in steps of another one meets every remainder once. */
const PRIME = 10_000_000_019n;
const STEP = 2_654_435_761n;

const toId = (n: number) => String(FIRST_ID + (isRandom ? (BigInt(n) * STEP) % PRIME : BigInt(n) * 17n));
const rss = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

const ids = createIdStore();
const [before, began] = [rss(), performance.now()];
let peak = before;
for (let n = 0; n < COUNT; n += 1) {
  ids.addListed(toId(n));
  if (n % 10_000 === 0) peak = Math.max(peak, rss());
}
const seconds = (performance.now() - began) / 1000;
process.stdout.write(
  `${COUNT} ids in ${seconds.toFixed(1)} s: ${before} MB RSS before, at most ${peak} MB\n`,
);
ids.close();
