import { z } from 'zod';
import { parseExact } from '../json.ts';

const queryCost = z.object({
  requestedQueryCost: z.number().nonnegative(),
  /** Null if the query was not executed. */
  actualQueryCost: z.number().nonnegative().nullable(),
  throttleStatus: z.object({
    maximumAvailable: z.number().positive(),
    currentlyAvailable: z.number(),
    /** Points a second. */
    restoreRate: z.number().positive(),
  }),
});

/** What a query cost, in points, and what the shop's budget is after it. */
export type QueryCost = z.infer<typeof queryCost>;

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        path: z.array(z.union([z.string(), z.number()])).catch([]),
        extensions: z.object({ code: z.string().catch('') }).catch({ code: '' }),
      }),
    )
    .min(1)
    .optional(),
  // An answer is not lost because its cost cannot be read.
  extensions: z
    .object({ cost: queryCost.optional().catch(undefined) })
    .catch({})
    .optional(),
});

/** What an answer means for the one who asked. */
export type Answer<Data> = { readonly cost?: QueryCost | undefined } & (
  | { readonly kind: 'done'; readonly data: Data }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'unauthorized' }
  /** `retryAfter` in milliseconds. */
  | { readonly kind: 'rate_limited'; readonly retryAfter: number | undefined }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly cause?: unknown }
  /** `reason` has codes, `where` has fields of our own document: neither has Shopify's text, which may quote variables. */
  | { readonly kind: 'refused'; readonly reason: string; readonly where?: string }
);

function parse(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    // The parser's message quotes the body, so it is no cause to keep.
    return undefined;
  }
}

/** No answer stops a shop for longer; Shopify says 2 seconds. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Shopify says seconds with a fraction, "2.0"; a date is not understood. */
function toMilliseconds(retryAfter: string | null): number | undefined {
  if (retryAfter === null || !/^\d+(?:\.\d+)?$/.test(retryAfter)) return undefined;
  return Math.min(Number(retryAfter) * 1000, MAX_RETRY_AFTER_MS);
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [402, 'UNAVAILABLE_SHOP'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [423, 'LOCKED'],
]);

/** Why Shopify refuses, as a code like those of GraphQL. */
function toReason(status: number): string {
  return REASONS.get(status) ?? (status >= 300 && status < 400 ? 'REDIRECTED' : `HTTP_${status}`);
}

function toCode(code: string): string {
  return /^\w{1,64}$/.test(code) ? code : 'no code';
}

/**
 * Reads an answer of the GraphQL endpoint. The data are taken to be what the document asked for: Shopify answers by
 * the schema that the document was checked against.
 * @throws what fetch throws when the body ends early or the time is over
 */
export async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const { status } = response;
  const text = await response.text();
  if (status === 401) return { kind: 'unauthorized' };
  if (status === 429)
    return { kind: 'rate_limited', retryAfter: toMilliseconds(response.headers.get('retry-after')) };
  if (status >= 500) return { kind: 'unavailable', reason: `HTTP ${status}` };
  if (status !== 200) return { kind: 'refused', reason: toReason(status) };

  const body = envelope.safeParse(parse(text)).data;
  if (body === undefined) return { kind: 'unavailable', reason: 'no GraphQL answer' };
  const { errors } = body;
  const cost = body.extensions?.cost;
  if (errors === undefined) {
    const data = z.custom<Data>((value) => typeof value === 'object' && value !== null).safeParse(body.data);
    return data.success
      ? { kind: 'done', data: data.data, cost }
      : { kind: 'unavailable', reason: 'no data', cost };
  }
  const codes = new Set(errors.map(({ extensions }) => toCode(extensions.code)));
  if (codes.has('THROTTLED')) return { kind: 'throttled', cost };
  const reason = [...codes].join(', ');
  if (codes.has('INTERNAL_SERVER_ERROR')) return { kind: 'unavailable', reason, cost };
  return { kind: 'refused', reason, where: errors.map(({ path }) => path.join('.')).join(', '), cost };
}
