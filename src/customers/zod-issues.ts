import type { z } from 'zod';

/**
 * Why foreign data cannot be read, in one line. Zod's issues name paths and expected types, never the values, so the
 * text may be stored and logged.
 */
export function zodIssues({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path, message].join(' ')).join('; ');
}
