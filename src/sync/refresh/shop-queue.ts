/** How far Shopify's clock and ours may be apart. */
const SKEW_MS = 2000;

/** The customers of one shop whose snapshot is to be fetched, and the work of it; refresh-queue.ts does it. */
export interface ShopQueue {
  /** The customers that wait, and how often their snapshot was void. */
  readonly waiting: Map<string, number>;
  /** Of those who wait, the versions of their notes in the ledger; see askDurably. */
  readonly versions: Map<string, string>;
  /** The customers whose snapshot is being fetched. */
  underWay: ReadonlySet<string>;
  /** When their snapshot was asked for last, in milliseconds. */
  readonly asked: Map<string, number>;
  /** The work under way. */
  work: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Until when there is no use in asking Shopify, in milliseconds: the shop has no token. */
  blockedUntil: number;
}

export const emptyQueue = (): ShopQueue => ({
  waiting: new Map(),
  versions: new Map(),
  underWay: new Set(),
  asked: new Map(),
  work: undefined,
  timer: undefined,
  blockedUntil: 0,
});

/** Takes the versions of a batch: whoever asks from now on needs a later snapshot. */
export function takeVersions({ versions }: ShopQueue, ids: Iterable<string>): Map<string, string> {
  const taken = new Map<string, string>();
  for (const id of ids) {
    const version = versions.get(id);
    if (version !== undefined) taken.set(id, version);
    versions.delete(id);
  }
  return taken;
}

/** Whether a snapshot that was asked for already says what happened then. */
export function isKnown(queue: ShopQueue, shopifyId: string, knownSince: string | undefined): boolean {
  const asked = queue.asked.get(shopifyId);
  return asked !== undefined && Date.parse(knownSince ?? '') + SKEW_MS < asked;
}

export const isBlocked = ({ blockedUntil }: ShopQueue, now: Date): boolean => blockedUntil > now.getTime();
