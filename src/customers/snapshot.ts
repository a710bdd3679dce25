import { z } from 'zod';
import { AppError } from '../errors.ts';
import { idOfGid } from './customer-gid.ts';
import type { Customer } from './customer.ts';
import { profileFields, profileShape, toProfile } from './fields.ts';
import { instant } from './instant.ts';
import { fromMetaobject, type Plan } from './plan.ts';
import { zodIssues } from './zod-issues.ts';

/** A customer as the Admin API tells it, with all that flags and membership follow from. */
export interface Snapshot {
  readonly customer: Customer;
  readonly tags: readonly string[];
  /** The metafield's value; null: it is not set. */
  readonly isAdmin: boolean | null;
  readonly isFeaturedAuthor: boolean | null;
  /** The plan that the metafield names; its gid alone where Shopify tells no more of it; null: it is not set. */
  readonly plan: Plan | Pick<Plan, 'gid'> | null;
}

const flag = z
  .object({ jsonValue: z.boolean().nullable().catch(null) })
  .nullable()
  .transform((field) => field?.jsonValue ?? null);

const text = z.string().nullable();
const state = z.string().toLowerCase();
const boolean = z.boolean();

const PATHS = profileFields.map(({ graphql }) => graphql).filter((path) => path.includes('.'));

/** What stands at a path; of an object that is null, null. */
function valueAt(node: object, path: string): unknown {
  let value: unknown = node;
  for (const name of path.split('.')) {
    if (value === null) return null;
    if (typeof value !== 'object') return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** The fields of nested objects beside the others, under their paths. */
function flatten(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  return { ...node, ...Object.fromEntries(PATHS.map((path) => [path, valueAt(node, path)])) };
}

const customerNode = z.preprocess(
  flatten,
  z.object({
    id: z.string(),
    tags: z.array(z.string()),
    createdAt: instant(),
    updatedAt: instant(),
    is_admin: flag,
    is_featured_author: flag,
    membership_plan: z.object({ value: z.string(), reference: z.unknown() }).nullable(),
    ...profileShape('graphql', { text, state, boolean }),
  }),
);

function toPlan({ value, reference = null }: { value: string; reference?: unknown }): Snapshot['plan'] {
  return reference === null ? { gid: value } : fromMetaobject(reference);
}

/**
 * A customer of the Admin API, with the fields of shopify/admin/queries.ts.
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

/** A customer of the Admin API, or that it cannot be read, which must not hold up the others. */
export function readSnapshot(node: unknown): Snapshot | 'unreadable' {
  try {
    return fromGraphql(node);
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  }
}
