import type { Message } from './message.ts';

/** The probabilities of what happens to a delivery. */
export interface DeliveryPolicy {
  readonly seed: number;
  /** Delivered twice. */
  readonly repeated?: number;
  /** Overtaken by later ones. */
  readonly late?: number;
  /** Never delivered. */
  readonly lost?: number;
}

export interface Delivered {
  readonly deliveries: number;
  /** Answered with an error nine times: Shopify retries eight times and gives up. */
  readonly givenUp: readonly Message[];
}

const RETRIES = 8;

/**
 * Delivers webhooks one by one, repeated, reordered and lost by the policy. The same seed gives the same sequence.
 * @param send resolves to the HTTP status; a delivery without 2xx is repeated later with the same body
 */
export async function deliverAll(
  messages: readonly Message[],
  policy: DeliveryPolicy,
  send: (message: Message) => Promise<number>,
): Promise<Delivered> {
  const { repeated = 0, late = 0, lost = 0 } = policy;
  const random = createRandom(policy.seed);
  const delay = () => (random() < late ? random() * messages.length : 0);
  const waiting = messages.flatMap((message, n) => {
    if (random() < lost) return [];
    const copies = random() < repeated ? 2 : 1;
    return Array.from({ length: copies }, () => ({ message, due: n + delay(), tries: 0 }));
  });
  const givenUp: Message[] = [];
  let deliveries = 0;
  for (;;) {
    waiting.sort((a, b) => a.due - b.due);
    const next = waiting.shift();
    if (next === undefined) return { deliveries, givenUp };
    const status = await send(next.message);
    deliveries += 1;
    if (status >= 200 && status < 300) continue;
    if (next.tries === RETRIES) givenUp.push(next.message);
    else waiting.push({ ...next, due: next.due + 2 ** next.tries, tries: next.tries + 1 });
  }
}

/** A seeded random generator, 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}
