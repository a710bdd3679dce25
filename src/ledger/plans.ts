import { z } from 'zod';
import type { Plan } from '../customers/plan.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** A plan as it was read last. */
export interface KnownPlan extends Plan {
  /** Since when the shop's list lacks it, UTC ISO 8601; whether it is gone is not yet known. */
  readonly missingSince?: string | undefined;
  /** Since when the shop does not have it any more, UTC ISO 8601. */
  readonly goneAt?: string | undefined;
  /** It was gone and is there again; everybody has to be read to find those who were its members. */
  readonly returned?: boolean | undefined;
  /** The handles that it had before, under which members may still stand. */
  readonly handles?: readonly string[] | undefined;
  /** How often its members were to be looked at although the plan had not changed. */
  readonly requests?: number | undefined;
  /** The target that all members were brought to last: see targetOf. */
  readonly fannedOut?: string | undefined;
  /** The rank for which those whom tags make members were looked for last: see rankOf. */
  readonly ranked?: string | undefined;
}

/**
 * What members are to have of a plan: its version, or nothing since it is gone. As long as it differs from fannedOut a
 * fan-out is due, so that none can be lost between the reading of a plan and the start of the work.
 */
export function targetOf({ version, goneAt, requests = 0 }: KnownPlan): string {
  const state = goneAt === undefined ? version : `gone ${goneAt}`;
  return requests === 0 ? state : `${state} #${requests}`;
}

/** What of a plan decides whom tags make its members. */
export const rankOf = ({ id, tier, goneAt }: KnownPlan): string =>
  goneAt === undefined ? `${tier} ${id}` : 'gone';

/** The plans of all shops, as Shopify told them last. */
export interface Plans {
  /** All that were ever known, also those that are gone. Strongly consistent. */
  all(shop: string): Promise<readonly KnownPlan[]>;
  /** One of them by its gid. Strongly consistent. */
  get(shop: string, gid: string): Promise<KnownPlan | undefined>;
  /**
   * Keeps a plan in the place of the state that was read before; undefined: there was none. False: another process
   * has kept another state since.
   */
  put(shop: string, plan: KnownPlan, before: KnownPlan | undefined): Promise<boolean>;
  /** Notes since when the shop's list lacks a plan; undefined: it has it. */
  noteMissing(shop: string, gid: string, since: string | undefined): Promise<void>;
  /** Everybody is going to be read because the plan is there again. */
  clearReturned(shop: string, gid: string): Promise<void>;
  /** Notes that those whom tags make members of the plan as it is here are going to be refreshed. */
  noteRanked(shop: string, plan: KnownPlan): Promise<void>;
  /** Notes that all members have been brought to the plan as it is here; none stands under another handle then. */
  noteFannedOut(shop: string, plan: KnownPlan): Promise<void>;
  /**
   * Makes the fan-out of plans due once more, for members who may have been written with an older state since. Reading
   * the plans begins it.
   */
  requestFanOut(shop: string, gids: readonly string[]): Promise<void>;
}

const stored = z.object({
  gid: z.string(),
  id: z.string(),
  name: z.string(),
  tier: z.number(),
  price: z.string().nullable(),
  currency: z.string().nullable(),
  interval: z.string().nullable(),
  benefits: z.array(z.string()),
  version: z.string(),
  handles: z.array(z.string()).optional(),
  requests: z.number().optional(),
  returned: z.boolean().optional(),
  missing_since: z.string().optional(),
  gone_at: z.string().optional(),
  fanned_out: z.string().optional(),
  ranked: z.string().optional(),
});

/** Undefined: another release keeps its plans otherwise. */
function fromItem(item: unknown): KnownPlan | undefined {
  const { data } = stored.safeParse(item);
  if (data === undefined) return undefined;
  const { missing_since: missingSince, gone_at: goneAt, fanned_out: fannedOut, ...plan } = data;
  return { ...plan, missingSince, goneAt, fannedOut };
}

/** What the shop says of a plan, without what is noted of it. */
export function toPlan(known: KnownPlan): Plan {
  const { gid, id, name, tier, price, currency, interval, benefits, version } = known;
  return { gid, id, name, tier, price, currency, interval, benefits, version };
}

/** The plans that a customer may have now, by gid. */
export function currentPlans(plans: readonly KnownPlan[]): ReadonlyMap<string, Plan> {
  const current = plans.filter(({ goneAt }) => goneAt === undefined);
  return new Map(current.map((plan) => [plan.gid, toPlan(plan)]));
}

/** @throws AppError `store_failed` from every function */
export function createPlans(deps: ItemsDeps): Plans {
  const items = createItems(deps);
  const keyOf = (shop: string, gid: string) => ({ pk: `${shop}#plan`, sk: gid });
  const isThere = { text: 'attribute_exists(pk)' };
  const isUnmoved = ({ version }: KnownPlan) => ({
    text: 'version = :version',
    values: { ':version': version },
  });

  return {
    async all(shop) {
      const plans: KnownPlan[] = [];
      for await (const item of items.list(keyOf(shop, '').pk)) {
        const plan = fromItem(item);
        if (plan !== undefined) plans.push(plan);
      }
      return plans;
    },

    get: async (shop, gid) => fromItem(await items.get(keyOf(shop, gid))),

    put(shop, { missingSince, goneAt, fannedOut, ...plan }, before) {
      const notes = { missing_since: missingSince, gone_at: goneAt, fanned_out: fannedOut };
      const item = { ...keyOf(shop, plan.gid), ...plan, ...notes };
      return items.put(item, before === undefined ? { text: 'attribute_not_exists(pk)' } : isUnmoved(before));
    },

    async noteMissing(shop, gid, since) {
      const update =
        since === undefined
          ? { text: 'REMOVE missing_since' }
          : { text: 'SET missing_since = :since', values: { ':since': since } };
      await items.update(keyOf(shop, gid), update, isThere);
    },

    async clearReturned(shop, gid) {
      await items.update(keyOf(shop, gid), { text: 'REMOVE returned' }, isThere);
    },

    async noteRanked(shop, plan) {
      const update = { text: 'SET ranked = :ranked', values: { ':ranked': rankOf(plan) } };
      await items.update(keyOf(shop, plan.gid), update, isUnmoved(plan));
    },

    async noteFannedOut(shop, plan) {
      const text = 'SET fanned_out = :target REMOVE handles';
      // One that has moved on is fanned out anew, from all its handles.
      await items.update(
        keyOf(shop, plan.gid),
        { text, values: { ':target': targetOf(plan) } },
        isUnmoved(plan),
      );
    },

    async requestFanOut(shop, gids) {
      for (const gid of gids)
        await items.update(keyOf(shop, gid), { text: 'ADD requests :one', values: { ':one': 1 } }, isThere);
    },
  };
}
