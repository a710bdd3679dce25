import { z } from 'zod';
import { AppError } from '../errors.ts';
import { idOfGid } from './customer-gid.ts';
import type { Customer } from './customer.ts';
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
  /** The plan that the metafield names; `gone`: it names one that does not exist any more; null: it is not set. */
  readonly plan: Plan | 'gone' | null;
}

const flag = z
  .object({ jsonValue: z.boolean().nullable().catch(null) })
  .nullable()
  .transform((field) => field?.jsonValue ?? null);

const node = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
  state: z.string(),
  tags: z.array(z.string()),
  verifiedEmail: z.boolean(),
  createdAt: instant(),
  updatedAt: instant(),
  is_admin: flag,
  is_featured_author: flag,
  membership_plan: z.object({ reference: z.unknown() }).nullable(),
});

/**
 * A customer of the Admin API, with the fields of shopify/admin/queries.ts.
 * @throws AppError `customer_unreadable`, `plan_unreadable`
 */
export function fromGraphql(value: unknown): Snapshot {
  const parsed = node.safeParse(value);
  if (!parsed.success)
    throw new AppError('customer_unreadable', `The customer cannot be read: ${zodIssues(parsed.error)}`);
  const { membership_plan: field, ...customer } = parsed.data;
  const reference = field?.reference ?? null;
  return {
    customer: {
      id: idOfGid(customer.id),
      createdAt: customer.createdAt,
      updatedAt: customer.updatedAt,
      profile: {
        email: customer.defaultEmailAddress?.emailAddress ?? null,
        firstName: customer.firstName,
        lastName: customer.lastName,
        state: customer.state.toLowerCase(),
        verifiedEmail: customer.verifiedEmail,
      },
    },
    tags: customer.tags,
    isAdmin: customer.is_admin,
    isFeaturedAuthor: customer.is_featured_author,
    plan: field === null ? null : reference === null ? 'gone' : fromMetaobject(reference),
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
