import { z } from 'zod';
import { idOfGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import { parseExact } from '../../shopify/json.ts';

/** A line of a bulk operation's result: a customer, something that belongs to one, or nothing that can be read. */
export type ImportLine =
  | { readonly kind: 'customer'; readonly id: string; readonly node: unknown }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable' };

const child = z.object({ __parentId: z.string() });
const gid = z.object({ id: z.string() });

/** Reads a line no further than who it is about. */
export function fromLine(line: string): ImportLine {
  let node: unknown;
  try {
    node = parseExact(line);
  } catch {
    // The parser's message quotes the line, so it is no cause to keep.
    return { kind: 'unreadable' };
  }
  if (child.safeParse(node).success) return { kind: 'other' };
  const parsed = gid.safeParse(node);
  if (!parsed.success) return { kind: 'unreadable' };
  try {
    return { kind: 'customer', id: idOfGid(parsed.data.id), node };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'unreadable' };
  }
}
