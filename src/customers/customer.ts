import { z } from 'zod';
import { AppError } from '../errors.ts';
import { customerGid } from './customer-gid.ts';
import { profileShape, toProfile, type Profile } from './fields.ts';
import { instant, updateTime } from './instant.ts';
import { zodIssues } from './zod-issues.ts';

/** A Shopify customer as one message describes it. */
export interface Customer {
  /** Decimal digits, exact at any length. */
  readonly id: string;
  /** UTC ISO 8601 with milliseconds, 24 characters: text order is time order. */
  readonly createdAt?: string;
  /** In the form of createdAt. Absent only if the message has no profile field either. */
  readonly updatedAt?: string;
  readonly profile: Profile;
}

const id = z.string().regex(/^[1-9]\d{0,127}$/);

// A number is exact here: parseExact (shopify/json.ts) gives integers beyond 2^53 as text.
const identity = z
  .object({ id: z.union([id, z.int().positive().transform(String)]), admin_graphql_api_id: customerGid })
  .partial()
  .refine((body) => body.id !== undefined || body.admin_graphql_api_id !== undefined, 'has no id')
  .refine(
    (body) =>
      body.id === undefined ||
      body.admin_graphql_api_id === undefined ||
      body.id === body.admin_graphql_api_id,
    'id and admin_graphql_api_id differ',
  );

// Shopify's limit is 255 characters. The item as a whole may have 400 KB.
const text = z.string().max(1024).nullable();
const state = text.transform((value) => value?.toLowerCase() ?? null);
const boolean = z.boolean().nullable();

const payload = z
  .object({
    created_at: instant().nullable(),
    updated_at: updateTime(),
    ...profileShape('webhook', { text, state, boolean }),
  })
  .partial();

/** What Shopify withholds from an app without approval for protected customer data: it sends null for all of them. */
const WITHHELD_TOGETHER = ['email', 'firstName', 'lastName'] as const;

/** Without the names and the e-mail if they are null all together: then they are withheld, which says nothing of them. */
function withoutWithheld(profile: Profile): Profile {
  if (WITHHELD_TOGETHER.some((name) => profile[name] !== null)) return profile;
  const { email: _email, firstName: _firstName, lastName: _lastName, ...rest } = profile;
  return rest;
}

const unreadable = (reason: string) =>
  new AppError('customer_unreadable', `The customer cannot be read: ${reason}`);

/**
 * The id in a customers payload, `customers/delete` among them, as exact decimal digits.
 * @throws AppError `customer_unreadable`
 */
export function customerIdOf(body: unknown): string {
  const parsed = identity.safeParse(body);
  if (!parsed.success) throw unreadable(zodIssues(parsed.error));
  return parsed.data.admin_graphql_api_id ?? parsed.data.id ?? '';
}

/**
 * A customers/create, update, enable or disable payload, parsed by `parseExact`. Above 1 MB Shopify may send
 * `{"id"}` alone: such a body has an empty profile. Names and e-mail that are null all together are left out. Addresses, phone and notes are not read.
 * @throws AppError `customer_unreadable`: no usable id, a field of the wrong type, or a profile without
 * `updated_at`, which cannot be ordered.
 */
export function fromWebhook(body: unknown): Customer {
  const customerId = customerIdOf(body);
  const parsed = payload.safeParse(body);
  if (!parsed.success) throw unreadable(zodIssues(parsed.error));
  const { created_at: createdAt, updated_at: updatedAt, ...values } = parsed.data;
  const read = toProfile('webhook', values);
  const profile = withoutWithheld(read);
  if (updatedAt === undefined && Object.keys(read).length > 0) throw unreadable('updated_at is missing');
  return {
    id: customerId,
    ...(typeof createdAt === 'string' && { createdAt }),
    ...(updatedAt !== undefined && { updatedAt }),
    profile,
  };
}
