import { z } from 'zod';
import { idOfGid } from '../../customers/customer-gid.ts';
import { AppError } from '../../errors.ts';
import { parseExact } from '../../shopify/json.ts';

/** A line of a bulk operation's result: a customer, something that belongs to one, or nothing that can be read. */
type Line =
  | { readonly kind: 'customer'; readonly id: string; readonly node: unknown }
  | { readonly kind: 'child' }
  | { readonly kind: 'unreadable' };

const child = z.object({ __parentId: z.string() });
const gid = z.object({ id: z.string() });

/** Whom a node of a listing is about; undefined: it says nobody's id. */
export function readId(node: unknown): string | undefined {
  const parsed = gid.safeParse(node);
  if (!parsed.success) return undefined;
  try {
    return idOfGid(parsed.data.id);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  }
}

/** Reads a line no further than who it is about. */
export function fromLine(line: string): Line {
  let node: unknown;
  try {
    node = parseExact(line);
  } catch {
    // The parser's message quotes the line, so it is no cause to keep.
    return { kind: 'unreadable' };
  }
  if (child.safeParse(node).success) return { kind: 'child' };
  const id = readId(node);
  return id === undefined ? { kind: 'unreadable' } : { kind: 'customer', id, node };
}
