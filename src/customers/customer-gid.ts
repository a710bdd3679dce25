import { z } from 'zod';
import { AppError } from '../errors.ts';

const PREFIX = 'gid://shopify/Customer/';

/** A customer's id in the Admin API. */
export function toCustomerGid(shopifyId: string): string {
  return PREFIX + shopifyId;
}

/** The schema of a customer's gid, read as the id in it: exact decimal digits. */
export const customerGid = z
  .string()
  .regex(/^gid:\/\/shopify\/Customer\/[1-9]\d{0,127}$/)
  .transform((gid) => gid.slice(PREFIX.length));

/**
 * The id in a customer's gid, as exact decimal digits.
 * @throws AppError `customer_unreadable`
 */
export function idOfGid(gid: string): string {
  const parsed = customerGid.safeParse(gid);
  if (parsed.success) return parsed.data;
  throw new AppError('customer_unreadable', 'The customer’s id cannot be read');
}
