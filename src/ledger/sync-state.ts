import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** How far the users of one shop are what the shop says. Instants are UTC ISO 8601. */
interface SyncState {
  /**
   * Since when customers wait for a snapshot who were too many to note them one by one (ledger/unrefreshed.ts);
   * undefined: none.
   */
  readonly unrefreshedSince?: string | undefined;
  /** Of the last note of that; clearing needs it. */
  readonly unrefreshedMark?: string | undefined;
  /** When the shop's plans were read last. */
  readonly plansReadAt?: string | undefined;
  /** When webhooks have told a change last, to the minute. */
  readonly changedAt?: string | undefined;
  /** Up to which change customers were compared with Shopify. */
  readonly watermark?: string | undefined;
  readonly reconciled?: Reconciled | undefined;
  readonly counts?: Counts | undefined;
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
type Counts = z.infer<typeof countsSchema>;

/** The last comparison of what changed at Shopify with the users. */
interface Reconciled {
  readonly at: string;
  /** Customers changed since the one before, as far as they were looked at. */
  readonly changes: number;
  /** Of those, users that were not what the shop said. */
  readonly healed: number;
}

export interface SyncStates {
  get(shop: string): Promise<SyncState>;
  /** Notes that snapshots are missing, nobody knows whose; the first note stands. */
  noteUnrefreshed(shop: string): Promise<void>;
  /** Everybody has been found right since the last note got this mark. A note that was made later stands. */
  clearUnrefreshed(shop: string, mark: string): Promise<void>;
  /** Notes a look at what changed. It says nothing of customers who changed without their time. */
  noteReconciled(shop: string, done: Reconciled & { watermark: string }): Promise<void>;
  /** Notes that webhooks have told a change just now. */
  noteChange(shop: string): Promise<void>;
  noteCounts(shop: string, counts: Counts): Promise<void>;
  /** True for the one process that may read the plans now, at most once in an interval in milliseconds. */
  takePlansTurn(shop: string, interval: number): Promise<boolean>;
}

export interface SyncStatesDeps extends ItemsDeps {
  readonly now: () => Date;
}

const stored = z.object({
  unrefreshed_since: z.string().optional(),
  unrefreshed_mark: z.string().optional(),
  plans_read_at: z.string().optional(),
  changed_at: z.string().optional(),
  watermark: z.string().optional(),
  counts: countsSchema.optional(),
  reconciled: z.object({ at: z.string(), changes: z.number(), healed: z.number() }).optional(),
});

/** @throws AppError `store_failed` from every function */
export function createSyncStates({ now, ...deps }: SyncStatesDeps): SyncStates {
  const items = createItems(deps);
  const keyOf = (shop: string) => ({ pk: shop, sk: 'sync' });
  const read = async (shop: string) => stored.parse((await items.get(keyOf(shop))) ?? {});

  return {
    async get(shop) {
      const { unrefreshed_since, unrefreshed_mark, plans_read_at, changed_at, ...state } = await read(shop);
      return {
        ...state,
        unrefreshedSince: unrefreshed_since,
        unrefreshedMark: unrefreshed_mark,
        plansReadAt: plans_read_at,
        changedAt: changed_at,
      };
    },

    async noteUnrefreshed(shop) {
      await items.update(keyOf(shop), {
        text: 'SET unrefreshed_since = if_not_exists(unrefreshed_since, :now), unrefreshed_mark = :mark',
        values: { ':now': now().toISOString(), ':mark': randomUUID() },
      });
    },

    async clearUnrefreshed(shop, mark) {
      const unmoved = { text: 'unrefreshed_mark = :mark', values: { ':mark': mark } };
      await items.update(keyOf(shop), { text: 'REMOVE unrefreshed_since, unrefreshed_mark' }, unmoved);
    },

    async noteReconciled(shop, { watermark, ...reconciled }) {
      await items.update(keyOf(shop), {
        text: 'SET reconciled = :reconciled, watermark = :watermark',
        values: { ':reconciled': reconciled, ':watermark': watermark },
      });
    },

    async noteChange(shop) {
      await items.update(keyOf(shop), {
        text: 'SET changed_at = :now',
        values: { ':now': now().toISOString() },
      });
    },

    async noteCounts(shop, counts) {
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
