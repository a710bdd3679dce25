import { z } from 'zod';
import { AppError } from '../errors.ts';
import { idOfGid } from './customer-gid.ts';
import type { Customer } from './customer.ts';
import { profileFields, profileShape, toProfile } from './fields.ts';
import { instant, updateTime } from './instant.ts';
import { fromMetaobject, isPlan, type Plan } from './plan.ts';
import { isLeftOut, type Spoilt } from './spoilt.ts';
import { zodIssues } from './zod-issues.ts';

/**
 * A customer as the Admin API returns it, with everything that roles and membership are resolved from. What Shopify
 * withholds is unknown: absent in the profile, undefined here.
 */
export interface Snapshot {
  readonly customer: Customer;
  readonly tags: readonly string[];
  /** The metafield's value; null: not set. */
  readonly isAdmin: boolean | null | undefined;
  readonly isFeaturedAuthor: boolean | null | undefined;
  /**
   * The plan that the metafield names; its gid alone where Shopify tells no more of it; with `isNoPlan` if it names
   * something else; null: it is not set.
   */
  readonly plan: Plan | (Pick<Plan, 'gid'> & { readonly isNoPlan?: true }) | null | undefined;
}

const roleMetafield = z
  .object({ jsonValue: z.boolean().nullable().catch(null) })
  .nullable()
  .transform((field) => field?.jsonValue ?? null)
  .optional();

const text = z.string().nullable().optional();
const state = z.string().toLowerCase().optional();
const boolean = z.boolean().optional();

const PATHS = profileFields.map(({ graphql }) => graphql).filter((path) => path.includes('.'));

/** The value at a path; null if an object on the way is null. */
function valueAt(node: object, path: string): unknown {
  let value: unknown = node;
  for (const name of path.split('.')) {
    if (value === null) return null;
    if (typeof value !== 'object') return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Adds the fields of nested objects under their paths. */
function flatten(node: object): Record<string, unknown> {
  return { ...node, ...Object.fromEntries(PATHS.map((path) => [path, valueAt(node, path)])) };
}

const METAFIELDS = ['is_admin', 'is_featured_author', 'membership_plan'] as const;
const FIELDS: readonly string[] = [...profileFields.map(({ graphql }) => graphql), ...METAFIELDS];

/** Whether a null of a field is one that Shopify withholds. Of an error without a place only the profile's are. */
const isWithheldBy = ({ path }: Spoilt, field: string) =>
  path.length === 0
    ? PROFILE_FIELDS.has(field)
    : field.split('.').every((step, n) => n >= path.length || step === path[n]);

const PROFILE_FIELDS: ReadonlySet<string> = new Set(profileFields.map(({ graphql }) => graphql));

const isMissing = (value: unknown) => value === null || value === undefined;

/** Makes what is withheld undefined; whatever else is undefined makes a node unreadable. */
function withhold(node: unknown, context: z.RefinementCtx): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const values = flatten(node);
  const spoilt = spoiltOf(node);
  for (const field of FIELDS) {
    const errors = spoilt.filter((one) => isWithheldBy(one, field));
    // A plan of which a part is withheld is not known, even if its metafield is.
    if (errors.length > 0 && (isMissing(values[field]) || field === 'membership_plan'))
      values[field] = undefined;
    else if (values[field] === undefined)
      context.addIssue({ code: 'custom', path: [field], message: 'is missing' });
  }
  return values;
}

const customerNode = z.preprocess(
  withhold,
  z.object({
    id: z.string(),
    tags: z.array(z.string()),
    createdAt: instant(),
    updatedAt: updateTime(),
    is_admin: roleMetafield,
    is_featured_author: roleMetafield,
    membership_plan: z.object({ value: z.string(), reference: z.unknown() }).nullable().optional(),
    ...profileShape('graphql', { text, state, boolean }),
  }),
);

function toPlan({ value: gid, reference = null }: { value: string; reference?: unknown }): Snapshot['plan'] {
  if (!isPlan(gid, reference)) return { gid, isNoPlan: true };
  return reference === null ? { gid } : fromMetaobject(reference);
}

/**
 * Reads a customer of the Admin API, with the fields of the fragment in shopify/admin/queries.ts.
 * @throws AppError `customer_unreadable`, `plan_unreadable`
 */
export function fromGraphql(node: unknown): Snapshot {
  const parsed = customerNode.safeParse(node);
  if (!parsed.success)
    throw new AppError('customer_unreadable', `The customer cannot be read: ${zodIssues(parsed.error)}`);
  const { id, createdAt, updatedAt, tags, is_admin, is_featured_author, membership_plan, ...values } =
    parsed.data;
  return {
    customer: { id: idOfGid(id), createdAt, updatedAt, profile: toProfile('graphql', values) },
    tags,
    isAdmin: is_admin,
    isFeaturedAuthor: is_featured_author,
    plan: membership_plan && toPlan(membership_plan),
  };
}

const gidNode = z.object({ id: z.string() });
const spoiltNode = z.object({ spoilt: z.array(z.custom<Spoilt>()) });

/** What of a node is spoilt, as withSpoilt has noted it. */
const spoiltOf = (node: unknown): readonly Spoilt[] => spoiltNode.safeParse(node).data?.spoilt ?? [];

/**
 * Why there is no snapshot of a customer. `gone`: Shopify has none. `unreadable`: it says something of them that cannot be
 * read. `unanswered`: it could not tell, or not all that the app may know.
 */
export type NoSnapshot = 'gone' | 'unreadable' | 'unanswered';

/**
 * As fromGraphql, but without throwing: one unreadable customer must not stop the others.
 * @param node from withSpoilt if parts of the answer are spoilt; null: there is none
 */
export function readSnapshot(node: unknown): Snapshot | NoSnapshot {
  const spoilt = spoiltOf(node);
  if (spoilt.some(({ kind }) => kind === 'failed')) return 'unanswered';
  const isNothing =
    node === null || node === undefined || (spoilt.length > 0 && !gidNode.safeParse(node).success);
  if (isNothing) return isLeftOut(spoilt) ? 'unanswered' : 'gone';
  try {
    return fromGraphql(node);
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  }
}
