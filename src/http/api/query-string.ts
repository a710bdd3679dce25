import type { Request } from 'express';
import { z } from 'zod';
import { instant } from '../../customers/instant.ts';
import { AppError } from '../../errors.ts';

// Handles of plans and ids of deliveries. Shopify's are shorter; DynamoDB's limit of a key is 2,048 bytes.
const key = z.string().min(1, 'is empty').max(255, 'is too long');

/** The `limit` and `cursor` of every list. */
export const paging = {
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .default('25')
    .transform(Number),
  cursor: z.string().max(4096, 'is too long').optional(),
};

export const fields = { key, instant: instant('must be a time such as 2026-01-31T00:00:00Z') };

/**
 * Parses the query string with a strict schema.
 * @throws AppError `query_invalid`, naming every unknown, repeated or ill-formed parameter
 */
export function parseQuery<Shape extends z.ZodType>(schema: Shape, { query }: Request): z.infer<Shape> {
  const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]));
  const parsed = schema.safeParse(query);
  if (repeated.length > 0)
    throw new AppError('query_invalid', `${repeated.join(', ')} may be given once only`);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')} is not known here`
      : `${issue.path.join('.')} ${issue.message}`.trim(),
  );
  throw new AppError('query_invalid', problems.join('; '));
}

// DynamoDB's limit of a partition key. User ids of other programs may be longer than `key` allows.
const userId = z
  .string()
  .min(1)
  .refine((value) => Buffer.byteLength(value) <= 2048);

/**
 * The user_id of the path.
 * @throws AppError `user_not_found`
 */
export function userIdOf({ params }: Request): string {
  const parsed = userId.safeParse(params['user_id']);
  if (!parsed.success) throw new AppError('user_not_found', 'There is no such user');
  return parsed.data;
}
