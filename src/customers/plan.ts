import { z } from 'zod';
import { AppError } from '../errors.ts';
import { instant } from './instant.ts';
import { zodIssues } from './zod-issues.ts';

/** A membership plan: a metaobject of type `membership_plan`, which the merchant edits. */
export interface Plan {
  /** The metaobject's gid: what the plan is, whatever else of it is edited. */
  readonly gid: string;
  /** The metaobject's handle: the membership_id of its members. */
  readonly id: string;
  readonly name: string;
  /** The highest tier wins if a customer has several plans. */
  readonly tier: number;
  /** A decimal number as text. */
  readonly price: string | null;
  readonly currency: string | null;
  readonly interval: string | null;
  readonly benefits: readonly string[];
  /** The time of the last change, UTC ISO 8601 with milliseconds. Greater is newer. */
  readonly version: string;
}

const text = z.union([z.string(), z.number().transform(String)]).catch('');
const optionalText = text.transform((value) => (value === '' ? null : value));

// Merchants edit plans by hand: one invalid field must not make the whole plan unreadable.
const fields = z.object({
  name: text,
  tier: z.coerce.number().catch(0),
  price: optionalText,
  currency: optionalText,
  interval: optionalText,
  benefits: z.array(z.string()).catch([]),
});

const metaobject = z.object({
  id: z.string().min(1),
  // A handle is the key of an index, where DynamoDB allows 2,048 bytes; Shopify's handles are far shorter.
  handle: z.string().min(1).max(150),
  updatedAt: instant(),
  fields: z.array(z.object({ key: z.string(), jsonValue: z.unknown() })),
});

const reference = z.object({ kind: z.literal('Metaobject').optional(), type: z.string().optional() });

/**
 * Whether what a metafield names can be a plan: by its gid, and by what Shopify says of it, null if that is nothing. The
 * type of an app's own metaobject has the app's id before its name.
 */
export function isPlan(gid: string, named: unknown): boolean {
  if (named === null) return gid.startsWith('gid://shopify/Metaobject/');
  const { data } = reference.safeParse(named);
  if (data === undefined) return false;
  return data.type === undefined || /(?:^|:|--)membership_plan$/.test(data.type);
}

/**
 * Reads a plan from a metaobject of the Admin API.
 * @throws AppError `plan_unreadable`
 */
export function fromMetaobject(node: unknown): Plan {
  const parsed = metaobject.safeParse(node);
  if (!parsed.success)
    throw new AppError('plan_unreadable', `The membership plan cannot be read: ${zodIssues(parsed.error)}`);
  const { id: gid, handle, updatedAt, fields: list } = parsed.data;
  const values = Object.fromEntries(list.map(({ key, jsonValue }) => [key, jsonValue]));
  const plan = fields.parse(values);
  return { ...plan, gid, name: plan.name === '' ? handle : plan.name, id: handle, version: updatedAt };
}

/**
 * Plans by handle. While a plan that is deleted is not known to be gone, another one may have its handle already: the
 * newer one counts.
 */
export function plansByHandle(plans: Iterable<Plan>): ReadonlyMap<string, Plan> {
  const oldestFirst = [...plans].toSorted((a, b) => (a.version < b.version ? -1 : 1));
  return new Map(oldestFirst.map((plan) => [plan.id, plan]));
}
