import { plansByHandle, type Plan } from './plan.ts';
import type { Snapshot } from './snapshot.ts';
import { handlesOf, hasTag } from './tags.ts';

/** Which tags count in a deployment. Undefined: none. */
export interface TagRules {
  /** A tag of this prefix and a plan's handle makes a member of the plan. */
  readonly membershipPrefix: string | undefined;
  /** A customer with this tag is a featured author. */
  readonly featuredAuthor: string | undefined;
}

/** Why an operator should look at a membership. */
type Attention = 'several_plans' | 'unknown_plan' | 'plan_gone' | 'not_a_plan';

/**
 * A customer's roles and plan on the platform, complete: what the snapshot does not grant is false. Undefined: what
 * decides it is withheld, so it is whatever it was.
 */
export interface Entitlements {
  readonly isAdmin: boolean | undefined;
  readonly isFeaturedAuthor: boolean | undefined;
  readonly plan: Plan | null | undefined;
  /** What grants the plan; null without a known plan. */
  readonly source: 'metafield' | 'tag' | null;
  readonly attention: readonly Attention[];
}

type Membership = Pick<Entitlements, 'plan' | 'source' | 'attention'>;

/** Of two states of one plan the newer; of one second the one that is kept, since a later edit is kept under a later version. */
function newer(plan: Plan, known: Plan | undefined): Plan {
  return known !== undefined && known.version >= plan.version ? known : plan;
}

/** That Shopify does not tell a plan here says nothing as long as its list has it. */
function membershipOfMetafield(named: NonNullable<Snapshot['plan']>, known: Plan | undefined): Membership {
  if ('isNoPlan' in named) return { plan: null, source: null, attention: ['not_a_plan'] };
  const plan = 'version' in named ? newer(named, known) : known;
  if (plan === undefined) return { plan: null, source: null, attention: ['plan_gone'] };
  return { plan, source: 'metafield', attention: [] };
}

function membershipOfTags(
  tags: readonly string[],
  plans: ReadonlyMap<string, Plan>,
  prefix: string,
): Membership {
  const ids = handlesOf(tags, prefix);
  if (ids.length === 0) return { plan: null, source: null, attention: [] };
  const byHandle = plansByHandle(plans.values());
  const found = ids.map((id) => byHandle.get(id)).filter((plan) => plan !== undefined);
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
  if (plan === undefined) return { plan, source: null, attention: [] };
  // The metafield comes before the tags, also where it names a plan that is gone.
  if (plan !== null) return membershipOfMetafield(plan, plans.get(plan.gid));
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
 * | withheld | any | undefined | undefined | undefined |
 *
 * @param plans the shop's plans that are not gone, by gid
 */
export function resolveEntitlements(
  snapshot: Snapshot,
  plans: ReadonlyMap<string, Plan>,
  rules: TagRules,
): Entitlements {
  const { isAdmin, isFeaturedAuthor, tags } = snapshot;
  const tagged = rules.featuredAuthor !== undefined && hasTag(tags, rules.featuredAuthor);
  return {
    isAdmin: isAdmin === undefined ? undefined : isAdmin === true,
    isFeaturedAuthor: isFeaturedAuthor === null ? tagged : isFeaturedAuthor,
    ...membershipOf(snapshot, plans, rules),
  };
}
