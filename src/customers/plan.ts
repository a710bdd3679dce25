import { z } from 'zod';
import { AppError } from '../errors.ts';
import { instant } from './instant.ts';
import { zodIssues } from './zod-issues.ts';

/** A membership plan: a metaobject of type `membership_plan`, which the merchant edits. */
export interface Plan {
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
  // The handle becomes an index key, with a limit of 2,048 bytes in DynamoDB. Shopify's handles are far shorter.
  handle: z.string().min(1).max(150),
  updatedAt: instant(),
  fields: z.array(z.object({ key: z.string(), jsonValue: z.unknown() })),
});

/**
 * Reads a plan from a metaobject of the Admin API.
 * @throws AppError `plan_unreadable`
 */
export function fromMetaobject(node: unknown): Plan {
  const parsed = metaobject.safeParse(node);
  if (!parsed.success)
    throw new AppError('plan_unreadable', `The membership plan cannot be read: ${zodIssues(parsed.error)}`);
  const { handle, updatedAt, fields: list } = parsed.data;
  const values = Object.fromEntries(list.map(({ key, jsonValue }) => [key, jsonValue]));
  const plan = fields.parse(values);
  return { ...plan, name: plan.name === '' ? handle : plan.name, id: handle, version: updatedAt };
}
