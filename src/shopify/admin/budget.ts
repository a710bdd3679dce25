import type { QueryCost } from './admin-answer.ts';

/** Whether somebody waits for the answer. */
export type Priority = 'interactive' | 'background';

/** A query as far as its cost is concerned. */
export interface QueryRequest {
  readonly document: string;
  /** What its variables ask for, from 1: cost grows with it. */
  readonly size: number;
  readonly priority: Priority;
}

/** Gives a reservation back, with the cost that the answer told. */
export type Release = (cost: QueryCost | undefined) => void;

export interface Budget {
  /** Milliseconds until there should be enough for a query; Infinity: not before another is answered. */
  wait(ask: QueryRequest): number;
  reserve(ask: QueryRequest): Release;
}

/** Of a shop's budget, what background queries leave to interactive ones. */
const INTERACTIVE_SHARE = 0.2;

/**
 * One shop's budget of points as its last answer told it, plus what time has restored, less what the queries under
 * way may take. Rates and costs differ by shop and plan, so all are learned: while a document's cost is unknown, one
 * query of unknown cost is under way at a time.
 * @param now milliseconds of a clock that never goes back
 */
export function createBudget(now: () => number): Budget {
  const learned = new Map<string, { readonly size: number; readonly points: number }>();
  let told: (QueryCost['throttleStatus'] & { readonly at: number }) | undefined;
  let reserved = 0;
  let isProbing = false;

  const keyOf = ({ document, size }: QueryRequest) => `${document} ${size}`;

  /** The cost of the same query, else in proportion to the document's last one. */
  function expected(ask: QueryRequest): number | undefined {
    const known = learned.get(keyOf(ask)) ?? learned.get(ask.document);
    return known === undefined ? undefined : Math.ceil((known.points * ask.size) / known.size);
  }

  function learn(ask: QueryRequest, { requestedQueryCost, throttleStatus }: QueryCost): void {
    told = { ...throttleStatus, at: now() };
    const cost = { size: ask.size, points: requestedQueryCost };
    learned.set(keyOf(ask), cost).set(ask.document, cost);
  }

  return {
    wait(ask) {
      const points = expected(ask);
      if (points === undefined && isProbing) return Number.POSITIVE_INFINITY;
      if (told === undefined) return 0;
      const { maximumAvailable, currentlyAvailable, restoreRate, at } = told;
      const kept = ask.priority === 'background' ? INTERACTIVE_SHARE * maximumAvailable : 0;
      const needed = Math.min((points ?? 0) + kept, maximumAvailable);
      // A full budget would not do: what is reserved comes back with an answer, not with time.
      if (needed > maximumAvailable - reserved) return Number.POSITIVE_INFINITY;
      const restored = ((now() - at) / 1000) * restoreRate;
      const available = Math.min(maximumAvailable, currentlyAvailable + restored) - reserved;
      return Math.max(0, ((needed - available) / restoreRate) * 1000);
    },
    reserve(ask) {
      const points = expected(ask);
      if (points === undefined) isProbing = true;
      reserved += points ?? 0;
      return function settle(cost) {
        if (points === undefined) isProbing = false;
        reserved -= points ?? 0;
        if (cost !== undefined) learn(ask, cost);
      };
    },
  };
}
