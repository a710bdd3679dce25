import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** How far the users of one shop are what the shop says. Instants are UTC ISO 8601. */
export interface SyncState {
  /**
   * Since when customers wait for a snapshot who were too many to note them one by one (ledger/unrefreshed.ts);
   * undefined: none.
   */
  readonly pendingSince?: string | undefined;
  /** Of the last note of that; clearing needs it. */
  readonly pendingVersion?: string | undefined;
  /** When the shop's plans were read last. */
  readonly plansReadAt?: string | undefined;
  /** When webhooks have told a change last, to the minute. */
  readonly changedAt?: string | undefined;
  /** Up to which change customers were compared with Shopify. */
  readonly watermark?: string | undefined;
  readonly reconciled?: Reconciled | undefined;
  readonly counts?: PeopleCounts | undefined;
  /** Reconciles in a row that repaired somebody without any delivery in between. */
  readonly silentRepairs?: number | undefined;
}

const countsSchema = z.object({
  people: z.number(),
  active: z.number(),
  admins: z.number(),
  featured_authors: z.number(),
  /** By plan. */
  members: z.record(z.string(), z.number()),
  counted_at: z.string(),
});

/** How many people a shop has. */
export type PeopleCounts = z.infer<typeof countsSchema>;

/** The last comparison of what changed at Shopify with the users. */
export interface Reconciled {
  readonly at: string;
  /** Customers changed since the one before, as far as they were looked at. */
  readonly changes: number;
  /** Of those, users that were not what the shop said. */
  readonly repaired: number;
}

export interface SyncStates {
  get(shop: string): Promise<SyncState>;
  /** Notes that snapshots are missing, nobody knows whose; the first note stands. */
  recordPending(shop: string): Promise<void>;
  /** Everybody has been found right since the last note got this version. A note that was made later stands. */
  clearPending(shop: string, version: string): Promise<void>;
  /** Notes a look at what changed. It says nothing of customers who changed without their time. */
  recordReconciled(shop: string, done: Reconciled & { watermark: string }): Promise<void>;
  /** Notes that webhooks have told a change just now. */
  recordChange(shop: string): Promise<void>;
  recordCounts(shop: string, counts: PeopleCounts): Promise<void>;
  /** True for the one process that may read the plans now, at most once in an interval in milliseconds. */
  takePlansTurn(shop: string, interval: number): Promise<boolean>;
}

export interface SyncStatesDeps extends ItemsDeps {
  readonly now: () => Date;
}

const stored = z.object({
  pending_since: z.string().optional(),
  pending_version: z.string().optional(),
  plans_read_at: z.string().optional(),
  changed_at: z.string().optional(),
  watermark: z.string().optional(),
  silent_repairs: z.number().optional(),
  counts: countsSchema.optional(),
  reconciled: z.object({ at: z.string(), changes: z.number(), repaired: z.number() }).optional(),
});

/** @throws AppError `store_failed` from every function */
export function createSyncStates({ now, ...deps }: SyncStatesDeps): SyncStates {
  const items = createItems(deps);
  const keyOf = (shop: string) => ({ pk: shop, sk: 'sync' });
  const read = async (shop: string) => stored.parse((await items.get(keyOf(shop))) ?? {});

  return {
    async get(shop) {
      const { pending_since, pending_version, plans_read_at, changed_at, silent_repairs, ...state } =
        await read(shop);
      return {
        ...state,
        pendingSince: pending_since,
        pendingVersion: pending_version,
        plansReadAt: plans_read_at,
        changedAt: changed_at,
        silentRepairs: silent_repairs,
      };
    },

    async recordPending(shop) {
      await items.update(keyOf(shop), {
        text: 'SET pending_since = if_not_exists(pending_since, :now), pending_version = :version',
        values: { ':now': now().toISOString(), ':version': randomUUID() },
      });
    },

    async clearPending(shop, version) {
      const unmoved = { text: 'pending_version = :version', values: { ':version': version } };
      await items.update(keyOf(shop), { text: 'REMOVE pending_since, pending_version' }, unmoved);
    },

    async recordReconciled(shop, { watermark, ...reconciled }) {
      await items.update(keyOf(shop), {
        text: 'SET reconciled = :reconciled, watermark = :watermark',
        values: { ':reconciled': reconciled, ':watermark': watermark },
      });
    },

    async recordChange(shop) {
      await items.update(keyOf(shop), {
        text: 'SET changed_at = :now',
        values: { ':now': now().toISOString() },
      });
    },

    async recordCounts(shop, counts) {
      await items.update(keyOf(shop), { text: 'SET counts = :counts', values: { ':counts': counts } });
    },

    async takePlansTurn(shop, interval) {
      const time = now();
      const due = new Date(time.getTime() - interval).toISOString();
      // A look is cheaper than a write that is refused, which is the usual case.
      if (((await read(shop)).plans_read_at ?? '') > due) return false;
      const taken = await items.update(
        keyOf(shop),
        { text: 'SET plans_read_at = :now', values: { ':now': time.toISOString() } },
        { text: 'attribute_not_exists(plans_read_at) OR plans_read_at <= :due', values: { ':due': due } },
      );
      return taken !== undefined;
    },
  };
}
