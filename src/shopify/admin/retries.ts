import type { Answer, QueryCost } from './admin-answer.ts';

/** Attempts that may fail by Shopify's fault. */
const MAX_FAILED = 5;
/** Being throttled is normal while others draw on the same budget: a bound only against waiting for ever. */
const MAX_THROTTLED = 100;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8000;

/** Milliseconds to wait before the next attempt; undefined: there is none. */
export type DelayAfter = (answer: Answer<unknown>) => number | undefined;

/** Exponential, with jitter so that those who failed together do not come back together. */
function backoff(times: number): number {
  const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (times - 1));
  return longest * (0.5 + Math.random() / 2);
}

function isShort(cost: QueryCost | undefined): boolean {
  return cost !== undefined && cost.throttleStatus.currentlyAvailable < cost.requestedQueryCost;
}

/** When to try one query again, by what was answered so far. */
export function createDelayAfter(): DelayAfter {
  let failed = 0;
  let throttled = 0;
  let unauthorized = 0;

  return function delayAfter(answer) {
    switch (answer.kind) {
      case 'throttled':
        throttled += 1;
        if (throttled >= MAX_THROTTLED) return undefined;
        // The budget has learned what is missing, and lets the query wait for as long as that takes.
        return isShort(answer.cost) ? 0 : backoff(throttled);
      case 'unauthorized':
        unauthorized += 1;
        return unauthorized === 1 ? 0 : undefined;
      case 'rate_limited':
        failed += 1;
        if (failed >= MAX_FAILED) return undefined;
        // All the shop's queries pause for the time that the answer names, this one too.
        return answer.retryAfter === undefined ? backoff(failed) : 0;
      case 'unavailable':
        failed += 1;
        return failed < MAX_FAILED ? backoff(failed) : undefined;
      case 'done':
      case 'refused':
        return undefined;
    }
  };
}
