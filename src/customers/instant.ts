import { z } from 'zod';

/**
 * The schema of a time with an offset, read as UTC ISO 8601 with milliseconds: 24 characters, so text order is time
 * order. Shopify's times have the shop's offset and whole seconds, whose text order says nothing. A time that falls
 * outside of the years 1 to 9999 in UTC would be longer, so it is refused.
 * @param error what a value that is no such time is told
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
