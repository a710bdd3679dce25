import type { Plan } from './plan.ts';
import type { Snapshot } from './snapshot.ts';
import { handlesOf, hasTag } from './tags.ts';

/** Which tags count in a deployment. Undefined: none. */
export interface TagRules {
  /** A tag of this prefix followed by a plan's id makes the customer a member of the plan. */
  readonly membershipPrefix: string | undefined;
  /** A customer with this tag is a featured author. */
  readonly featuredAuthor: string | undefined;
}

/** Why an operator should look at a membership. */
type Attention = 'several_plans' | 'unknown_plan' | 'plan_gone';

/** A customer's roles and plan on the platform, complete: what the snapshot does not grant is false. */
export interface Entitlements {
  readonly isAdmin: boolean;
  readonly isFeaturedAuthor: boolean;
  readonly plan: Plan | null;
  /** What grants the plan; null without a plan. */
  readonly source: 'metafield' | 'tag' | null;
  readonly attention: readonly Attention[];
}

type Membership = Pick<Entitlements, 'plan' | 'source' | 'attention'>;

function newer(plan: Plan, known: Plan | undefined): Plan {
  return known !== undefined && known.version > plan.version ? known : plan;
}

function membershipOfTags(
  tags: readonly string[],
  plans: ReadonlyMap<string, Plan>,
  prefix: string,
): Membership {
  const ids = handlesOf(tags, prefix);
  const found = ids.map((id) => plans.get(id)).filter((plan) => plan !== undefined);
  const [best = null] = found.toSorted((a, b) => b.tier - a.tier || (a.id < b.id ? -1 : 1));
  const attention: Attention[] = [];
  if (found.length > 1) attention.push('several_plans');
  if (found.length < ids.length) attention.push('unknown_plan');
  return { plan: best, source: best === null ? null : 'tag', attention };
}

function membershipOf(
  { plan, tags }: Snapshot,
  plans: ReadonlyMap<string, Plan>,
  rules: TagRules,
): Membership {
  // The metafield overrides the tags, even if it names a deleted plan.
  if (plan === 'gone') return { plan: null, source: null, attention: ['plan_gone'] };
  if (plan !== null) return { plan: newer(plan, plans.get(plan.id)), source: 'metafield', attention: [] };
  if (rules.membershipPrefix !== undefined) return membershipOfTags(tags, plans, rules.membershipPrefix);
  return { plan: null, source: null, attention: [] };
}

/**
 * Resolves a customer's entitlements: the metafield overrides tags, the highest tier wins among several plans, and a tag
 * never makes an admin.
 *
 * | metafield | tag | admin | featured author | plan |
 * | --- | --- | --- | --- | --- |
 * | true / the plan | any | true | true | the metafield's |
 * | false | any | false | false | |
 * | not set | present | false | true | the tag's, the highest tier of several |
 * | not set | none | false | false | none |
 *
 * @param plans the shop's current plans, by id
 */
export function resolveEntitlements(
  snapshot: Snapshot,
  plans: ReadonlyMap<string, Plan>,
  rules: TagRules,
): Entitlements {
  const { isAdmin, isFeaturedAuthor, tags } = snapshot;
  const tagged = rules.featuredAuthor !== undefined && hasTag(tags, rules.featuredAuthor);
  return {
    isAdmin: isAdmin === true,
    isFeaturedAuthor: isFeaturedAuthor ?? tagged,
    ...membershipOf(snapshot, plans, rules),
  };
}
