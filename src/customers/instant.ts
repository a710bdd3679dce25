import { z } from 'zod';

/** Of a time as UTC ISO 8601: Shopify's Admin API tells no more than the second, its webhooks sometimes do. */
const SECOND = 'YYYY-MM-DDTHH:MM:SS'.length;

/**
 * A time's second, as text without fraction and zone. Text order of seconds is the order that DynamoDB has with `<` and
 * `begins_with`, whatever text another program has stored (users/commands.ts).
 */
export const toSecond = (time: string): string => time.slice(0, SECOND);

/**
 * A schema that reads a time with an offset as UTC ISO 8601 with milliseconds: 24 characters, so text order is time
 * order. Shopify's own times have the shop's offset, so their text order is not. Years outside 1 to 9999 in UTC are
 * refused, because they take more characters.
 * @param error the message for a value that is no such time
 */
export function instant(error?: string) {
  return z.iso
    .datetime({ offset: true, ...(error !== undefined && { error }) })
    .transform((value, context) => {
      const time = new Date(value);
      const year = time.getUTCFullYear();
      if (year >= 1 && year <= 9999) return time.toISOString();
      context.addIssue(error ?? 'is not a time');
      return z.NEVER;
    });
}

/** The same for an `updated_at`, rounded down to the whole second: one change has one time, whoever tells it. */
export const updateTime = () => instant().transform((time) => `${toSecond(time)}.000Z`);
