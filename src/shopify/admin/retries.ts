import type { Answer, FailedAnswer, QueryCost } from './admin-answer.ts';

/** Attempts that may fail with a server error. */
const MAX_FAILED = 5;
/** Throttling is normal while other processes use the same budget: the limit only prevents an endless wait. */
const MAX_THROTTLED = 100;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8000;

/** Milliseconds before the next attempt; undefined: give up. */
export type DelayAfter = (answer: FailedAnswer & Pick<Answer<unknown>, 'cost'>) => number | undefined;

/** Exponential, with jitter so that queries that failed together do not retry together. */
function backoff(times: number): number {
  const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (times - 1));
  return longest * (0.5 + Math.random() / 2);
}

function isShort(cost: QueryCost | undefined): boolean {
  return cost !== undefined && cost.throttleStatus.currentlyAvailable < cost.requestedQueryCost;
}

/** The retry policy of one query, by its answers so far. */
export function createDelayAfter(): DelayAfter {
  let failed = 0;
  let throttled = 0;
  let unauthorized = 0;

  return function delayAfter(answer) {
    switch (answer.kind) {
      case 'throttled':
        throttled += 1;
        if (throttled >= MAX_THROTTLED) return undefined;
        // The budget knows the cost and the balance now, and delays the query itself.
        return isShort(answer.cost) ? 0 : backoff(throttled);
      case 'unauthorized':
        unauthorized += 1;
        return unauthorized === 1 ? 0 : undefined;
      case 'rate_limited':
        failed += 1;
        if (failed >= MAX_FAILED) return undefined;
        // With a Retry-After the queue pauses all of the shop's queries, this one too.
        return answer.retryAfter === undefined ? backoff(failed) : 0;
      case 'unavailable':
        failed += 1;
        return failed < MAX_FAILED ? backoff(failed) : undefined;
      case 'refused':
        return undefined;
    }
  };
}
