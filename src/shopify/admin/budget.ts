import type { QueryCost } from './admin-answer.ts';

/** `interactive`: a person waits for the answer. */
export type Priority = 'interactive' | 'background';

/** What the cost of a query depends on. */
export interface QueryRequest {
  readonly document: string;
  /** From 1; the cost grows with it. */
  readonly size: number;
  readonly priority: Priority;
}

/** Ends a reservation, with the cost from the answer. */
export type Release = (cost: QueryCost | undefined) => void;

export interface Budget {
  /** Milliseconds until the budget should suffice for a query; Infinity: not before another query is answered. */
  wait(request: QueryRequest): number;
  reserve(request: QueryRequest): Release;
}

/** The share of a shop's budget that background queries leave to interactive ones. */
const INTERACTIVE_SHARE = 0.2;

/**
 * One shop's budget of points: as of the last answer, plus what has been restored since, less what is reserved for queries
 * in flight. Rates and costs differ by shop and plan, so they are learned from answers; of queries with an unknown cost,
 * one is in flight at a time.
 * @param now a monotonic clock, in milliseconds
 */
export function createBudget(now: () => number): Budget {
  const learned = new Map<string, { readonly size: number; readonly points: number }>();
  let latest: (QueryCost['throttleStatus'] & { readonly at: number }) | undefined;
  let reserved = 0;
  let isProbing = false;

  const keyOf = ({ document, size }: QueryRequest) => `${document} ${size}`;

  /** The cost of the same query, or in proportion to the document's last one. */
  function expected(request: QueryRequest): number | undefined {
    const known = learned.get(keyOf(request)) ?? learned.get(request.document);
    return known === undefined ? undefined : Math.ceil((known.points * request.size) / known.size);
  }

  function learn(request: QueryRequest, { requestedQueryCost, throttleStatus }: QueryCost): void {
    latest = { ...throttleStatus, at: now() };
    const cost = { size: request.size, points: requestedQueryCost };
    learned.set(keyOf(request), cost).set(request.document, cost);
  }

  return {
    wait(request) {
      const points = expected(request);
      if (points === undefined && isProbing) return Number.POSITIVE_INFINITY;
      if (latest === undefined) return 0;
      const { maximumAvailable, currentlyAvailable, restoreRate, at } = latest;
      const kept = request.priority === 'background' ? INTERACTIVE_SHARE * maximumAvailable : 0;
      const needed = Math.min((points ?? 0) + kept, maximumAvailable);
      // Waiting does not help: a reservation ends with an answer, not with time.
      if (needed > maximumAvailable - reserved) return Number.POSITIVE_INFINITY;
      const restored = ((now() - at) / 1000) * restoreRate;
      const available = Math.min(maximumAvailable, currentlyAvailable + restored) - reserved;
      return Math.max(0, ((needed - available) / restoreRate) * 1000);
    },
    reserve(request) {
      const points = expected(request);
      if (points === undefined) isProbing = true;
      reserved += points ?? 0;
      return function release(cost) {
        if (points === undefined) isProbing = false;
        reserved -= points ?? 0;
        if (cost !== undefined) learn(request, cost);
      };
    },
  };
}
