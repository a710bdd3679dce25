import { z } from 'zod';
import { AppError } from '../errors.ts';
import { idOfGid } from './customer-gid.ts';
import type { Customer } from './customer.ts';
import { profileFields, profileShape, toProfile } from './fields.ts';
import { instant, updateTime } from './instant.ts';
import { fromMetaobject, type Plan } from './plan.ts';
import { zodIssues } from './zod-issues.ts';

/** A customer as the Admin API returns it, with everything that roles and membership are resolved from. */
export interface Snapshot {
  readonly customer: Customer;
  readonly tags: readonly string[];
  /** The metafield's value; null: not set. */
  readonly isAdmin: boolean | null;
  readonly isFeaturedAuthor: boolean | null;
  /** The plan that the metafield names; its gid alone where Shopify tells no more of it; null: it is not set. */
  readonly plan: Plan | Pick<Plan, 'gid'> | null;
}

const roleMetafield = z
  .object({ jsonValue: z.boolean().nullable().catch(null) })
  .nullable()
  .transform((field) => field?.jsonValue ?? null);

const text = z.string().nullable();
const state = z.string().toLowerCase();
const boolean = z.boolean();

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
    updatedAt: updateTime(),
    is_admin: roleMetafield,
    is_featured_author: roleMetafield,
    membership_plan: z.object({ value: z.string(), reference: z.unknown() }).nullable(),
    ...profileShape('graphql', { text, state, boolean }),
  }),
);

function toPlan({ value, reference = null }: { value: string; reference?: unknown }): Snapshot['plan'] {
  return reference === null ? { gid: value } : fromMetaobject(reference);
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

/** As fromGraphql, but without throwing: one unreadable customer must not stop the others. */
export function readSnapshot(node: unknown): Snapshot | 'unreadable' {
  try {
    return fromGraphql(node);
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  }
}
