import type { z } from 'zod';

/**
 * Zod's issues in one line. They name paths and expected types, never values, so the text may be stored and logged.
 */
export function zodIssues({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path, message].join(' ')).join('; ');
}
