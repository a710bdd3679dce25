/** That a customer's snapshot is to be fetched. */
export interface Ask {
  /** How often it was void. */
  tries: number;
  /** Of the note in the ledger that keeps the ask if the process dies; undefined: there is none. */
  version: string | undefined;
  /** Whether the snapshot is here, or the customer was left to reconciling. */
  isDone: boolean;
}

/** The customers of one shop whose snapshot is to be fetched, and the work of it; refresh-queue.ts does it. */
export interface ShopQueue {
  readonly waiting: Map<string, Ask>;
  /** Those whose snapshot is being fetched. Whoever is asked for meanwhile waits for another one. */
  underWay: ReadonlyMap<string, Ask>;
  work: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Until when there is no use in asking Shopify, in milliseconds: the shop has no token. */
  blockedUntil: number;
}

export const emptyQueue = (): ShopQueue => ({
  waiting: new Map(),
  underWay: new Map(),
  work: undefined,
  timer: undefined,
  blockedUntil: 0,
});

export const isBlocked = ({ blockedUntil }: ShopQueue, now: Date): boolean => blockedUntil > now.getTime();
