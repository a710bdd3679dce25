import { GraphQLError } from 'graphql';
import { z } from 'zod';

export interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
}

/** An entry of a list with its sort key: the value, then the id. */
export interface Row<Thing> {
  readonly id: string;
  readonly value: string;
  readonly thing: Thing;
}

/** The kind of execution: a bulk operation reads whole connections and ignores `first`. */
export interface Asking {
  readonly inBulk: boolean;
}

const MAX_FIRST = 250;
/** Paging ends here (Shopify's page on limits, which does not say how). */
const MAX_DEPTH = 25_000;
const Cursor = z.object({ last_id: z.string(), last_value: z.string(), depth: z.number() });

/**
 * A page of rows. Cursors hold a position by value, not by offset: a row that moves during paging may be returned twice or
 * never, as at Shopify.
 * @throws GraphQLError for arguments that Shopify refuses
 */
export function toConnection<Thing>(
  rows: readonly Row<Thing>[],
  args: PageArgs,
  { inBulk }: Asking,
  toNode: (thing: Thing) => unknown,
) {
  const size = inBulk ? Number.POSITIVE_INFINITY : toSize(args);
  const sign = args.reverse === true ? -1 : 1;
  const sorted = rows.toSorted((a, b) => sign * compare(a, b));
  const cursor = args.after === null || args.after === undefined ? undefined : fromCursor(args.after);
  const depth = cursor?.depth ?? 0;
  if (depth >= MAX_DEPTH) throw new GraphQLError(`Paging ends at ${MAX_DEPTH} objects`);
  const start = cursor === undefined ? 0 : sorted.findIndex((row) => sign * compare(row, cursor) > 0);
  const rest = start === -1 ? [] : sorted.slice(start);
  const edges = rest.slice(0, size).map((row, n) => ({
    cursor: toCursor(row, depth + n + 1),
    node: toNode(row.thing),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: rest.length > edges.length,
      hasPreviousPage: cursor !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function toSize({ first, last, before }: PageArgs): number {
  if (typeof last === 'number' || typeof before === 'string')
    throw new GraphQLError('The simulated shop pages forward only');
  if (typeof first !== 'number') throw new GraphQLError('you must provide one of first or last');
  if (first < 1 || first > MAX_FIRST) throw new GraphQLError(`first must be between 1 and ${MAX_FIRST}`);
  return first;
}

function compare(a: Omit<Row<unknown>, 'thing'>, b: Omit<Row<unknown>, 'thing'>): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  // Ids exceed a number's precision: compare by length first.
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function toCursor({ id, value }: Row<unknown>, depth: number): string {
  return Buffer.from(JSON.stringify({ last_id: id, last_value: value, depth })).toString('base64');
}

function fromCursor(text: string) {
  try {
    const cursor = Cursor.parse(JSON.parse(Buffer.from(text, 'base64').toString()));
    return { id: cursor.last_id, value: cursor.last_value, depth: cursor.depth };
  } catch (cause) {
    throw new GraphQLError('Invalid cursor for current pagination sort.', {
      originalError: cause instanceof Error ? cause : null,
    });
  }
}
