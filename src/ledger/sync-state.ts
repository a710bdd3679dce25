import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createItems, type ItemsDeps } from './items.ts';

/** How far the users of one shop are what the shop says. Instants are UTC ISO 8601. */
interface SyncState {
  /**
   * Since when customers wait for a snapshot who were too many to note them one by one (pending-refreshes.ts), or to fetch
   * them so; undefined: none.
   */
  readonly pendingSince?: string | undefined;
  /** Of the last note of that; clearing needs it. */
  readonly pendingVersion?: string | undefined;
  /** Everybody has been found right since the last time they were so many: those noted one by one are fetched as usual. */
  readonly pendingSettled: boolean;
  /** When webhooks have told a change last, to the minute. */
  readonly changedAt?: string | undefined;
  /** Up to which change customers were compared with Shopify. */
  readonly watermark?: string | undefined;
  readonly reconciled?: Reconciled | undefined;
  /** Reconciles that had to repair something although webhooks have told nothing since the first of them. */
  readonly silentRepairs: number;
  readonly counts?: PeopleCounts | undefined;
  /** Versions of the API that Shopify told and that are not ours. */
  readonly apiVersions: readonly ToldVersion[];
  /** The fields of people's profiles that Shopify does not tell the app. */
  readonly withheld: readonly string[];
  /** Those of them that are empty for everybody, without an error. */
  readonly withheldSilently: readonly string[];
}

const toldVersion = z.object({ version: z.string(), at: z.string() });

/** A version of the API, and when it was told last, to the hour. */
export type ToldVersion = z.infer<typeof toldVersion>;

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
  /**
   * Notes a look at what changed, up to the watermark; undefined: nothing has. It says nothing of customers who changed
   * without their time.
   */
  recordReconciled(shop: string, done: Reconciled & { watermark: string | undefined }): Promise<void>;
  /** Those who were noted one by one have been fetched: when they are many again, everybody has to be looked at again. */
  clearPendingSettled(shop: string): Promise<void>;
  /** Notes that webhooks have told a change just now. */
  recordChange(shop: string): Promise<void>;
  recordCounts(shop: string, counts: PeopleCounts): Promise<void>;
  /** Notes a version of the API that is not ours; undefined: it is ours again. */
  recordApiVersion(shop: string, by: 'admin_api' | 'webhooks', version: string | undefined): Promise<void>;
  /** Notes which fields Shopify does not tell now; none: it tells all. */
  recordWithheld(shop: string, fields: readonly string[], silently: readonly string[]): Promise<void>;
}

const stored = z.object({
  pending_since: z.string().optional(),
  pending_version: z.string().optional(),
  pending_settled: z.boolean().default(false),
  changed_at: z.string().optional(),
  /** What changed_at was when the shop was reconciled last. */
  changed_before: z.string().optional(),
  silent_repairs: z.number().default(0),
  watermark: z.string().optional(),
  counts: countsSchema.optional(),
  api_version_admin_api: toldVersion.optional(),
  api_version_webhooks: toldVersion.optional(),
  withheld: z.array(z.string()).default([]),
  withheld_silently: z.array(z.string()).default([]),
  reconciled: z.object({ at: z.string(), changes: z.number(), repaired: z.number() }).optional(),
});

/** @throws AppError `store_failed` from every function */
export function createSyncStates(deps: ItemsDeps): SyncStates {
  const { now } = deps;
  const items = createItems(deps);
  const keyOf = (shop: string) => ({ pk: shop, sk: 'sync' });
  const read = async (shop: string) => stored.parse((await items.get(keyOf(shop))) ?? {});

  return {
    async get(shop) {
      const state = await read(shop);
      return {
        pendingSince: state.pending_since,
        pendingVersion: state.pending_version,
        pendingSettled: state.pending_settled,
        changedAt: state.changed_at,
        watermark: state.watermark,
        reconciled: state.reconciled,
        silentRepairs: state.silent_repairs,
        counts: state.counts,
        apiVersions: [state.api_version_admin_api, state.api_version_webhooks].filter(
          (told) => told !== undefined,
        ),
        withheld: state.withheld,
        withheldSilently: state.withheld_silently,
      };
    },

    async recordPending(shop) {
      await items.update(keyOf(shop), {
        text:
          'SET pending_since = if_not_exists(pending_since, :now), pending_version = :version' +
          ' REMOVE pending_settled',
        values: { ':now': now().toISOString(), ':version': randomUUID() },
      });
    },

    async clearPending(shop, version) {
      const unmoved = { text: 'pending_version = :version', values: { ':version': version } };
      await items.update(
        keyOf(shop),
        {
          text: 'SET pending_settled = :settled REMOVE pending_since, pending_version',
          values: { ':settled': true },
        },
        unmoved,
      );
    },

    async recordReconciled(shop, { watermark, ...reconciled }) {
      const { changed_at, changed_before, silent_repairs } = await read(shop);
      const isSilent = changed_at === changed_before;
      const silentRepairs = isSilent ? silent_repairs + (reconciled.repaired > 0 ? 1 : 0) : 0;
      const sets = {
        reconciled,
        watermark,
        silent_repairs: silentRepairs,
        changed_before: changed_at,
      };
      const known = Object.entries(sets).filter(([, value]) => value !== undefined);
      await items.update(keyOf(shop), {
        text: `SET ${known.map(([name]) => `${name} = :${name}`).join(', ')}`,
        values: Object.fromEntries(known.map(([name, value]) => [`:${name}`, value])),
      });
    },

    async clearPendingSettled(shop) {
      await items.update(keyOf(shop), { text: 'REMOVE pending_settled' });
    },

    async recordChange(shop) {
      await items.update(keyOf(shop), {
        text: 'SET changed_at = :now',
        values: { ':now': now().toISOString() },
      });
    },

    async recordApiVersion(shop, by, version) {
      const name = `api_version_${by}`;
      if (version === undefined) await items.update(keyOf(shop), { text: `REMOVE ${name}` });
      else {
        const told: ToldVersion = { version, at: now().toISOString() };
        await items.update(keyOf(shop), { text: `SET ${name} = :told`, values: { ':told': told } });
      }
    },

    async recordCounts(shop, counts) {
      await items.update(keyOf(shop), { text: 'SET counts = :counts', values: { ':counts': counts } });
    },

    async recordWithheld(shop, fields, silently) {
      await items.update(
        keyOf(shop),
        fields.length === 0
          ? { text: 'REMOVE withheld, withheld_silently' }
          : {
              text: 'SET withheld = :withheld, withheld_silently = :silently',
              values: { ':withheld': fields, ':silently': silently },
            },
      );
    },
  };
}
