import { z } from 'zod';
import type { Plan } from '../customers/plan.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** A plan as it was read last. */
export interface KnownPlan extends Plan {
  /** Since when the shop does not have it any more, UTC ISO 8601. */
  readonly goneAt?: string | undefined;
  /** The target that all members were brought to last: see targetOf. */
  readonly fannedOut?: string | undefined;
}

/**
 * What members are to have of a plan: its version, or nothing since it is gone. As long as it differs from fannedOut a
 * fan-out is due, so that none can be lost between the reading of a plan and the start of the work.
 */
export const targetOf = ({ version, goneAt }: KnownPlan): string =>
  goneAt === undefined ? version : `gone ${goneAt}`;

/** The plans of all shops, as Shopify told them last. */
export interface Plans {
  /** All that were ever known, also those that are gone. Strongly consistent. */
  all(shop: string): Promise<readonly KnownPlan[]>;
  /**
   * Keeps a plan in the place of the state that was read before; undefined: there was none. False: another process
   * has kept another state since.
   */
  put(shop: string, plan: KnownPlan, before: KnownPlan | undefined): Promise<boolean>;
  /** Notes that all members have been brought to a target. */
  noteFannedOut(shop: string, planId: string, target: string): Promise<void>;
  /** Makes a fan-out of these plans due, although all members were brought to what they are. */
  requestFanOut(shop: string, planIds: readonly string[]): Promise<void>;
}

const stored = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.number(),
  price: z.string().nullable(),
  currency: z.string().nullable(),
  interval: z.string().nullable(),
  benefits: z.array(z.string()),
  version: z.string(),
  gone_at: z.string().optional(),
  fanned_out: z.string().optional(),
});

function toPlan({ id, name, tier, price, currency, interval, benefits, version }: KnownPlan): Plan {
  return { id, name, tier, price, currency, interval, benefits, version };
}

/** The plans that a customer may have now, by id. */
export function currentPlans(plans: readonly KnownPlan[]): ReadonlyMap<string, Plan> {
  const current = plans.filter(({ goneAt }) => goneAt === undefined);
  return new Map(current.map((plan) => [plan.id, toPlan(plan)]));
}

/** @throws AppError `store_failed` from every function */
export function createPlans(deps: ItemsDeps): Plans {
  const items = createItems(deps);
  const keyOf = (shop: string, id: string) => ({ pk: `${shop}#plan`, sk: id });

  return {
    async all(shop) {
      const plans: KnownPlan[] = [];
      for await (const item of items.list(keyOf(shop, '').pk)) {
        const { gone_at: goneAt, fanned_out: fannedOut, ...plan } = stored.parse(item);
        plans.push({ ...plan, goneAt, fannedOut });
      }
      return plans;
    },

    put(shop, { goneAt, fannedOut, ...plan }, before) {
      const item = { ...keyOf(shop, plan.id), ...plan, gone_at: goneAt, fanned_out: fannedOut };
      const unmoved =
        before === undefined
          ? { text: 'attribute_not_exists(pk)' }
          : { text: 'version = :version', values: { ':version': before.version } };
      return items.put(item, unmoved);
    },

    async noteFannedOut(shop, planId, target) {
      await items.update(keyOf(shop, planId), {
        text: 'SET fanned_out = :target',
        values: { ':target': target },
      });
    },

    async requestFanOut(shop, planIds) {
      for (const id of planIds)
        await items.update(keyOf(shop, id), { text: 'REMOVE fanned_out' }, { text: 'attribute_exists(pk)' });
    },
  };
}
