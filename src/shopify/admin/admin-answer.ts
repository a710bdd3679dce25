import { z } from 'zod';
import type { Spoilt, SpoiltKind } from '../../customers/spoilt.ts';
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

/** The cost of a query in points, and the shop's budget after it. */
export type QueryCost = z.infer<typeof queryCost>;

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string().catch(''),
        path: z.array(z.union([z.string(), z.number()])).catch([]),
        extensions: z
          .object({ code: z.string().catch(''), requiredAccess: z.string().catch('') })
          .catch({ code: '', requiredAccess: '' }),
      }),
    )
    .min(1)
    .optional(),
  // An unreadable cost must not lose the answer.
  extensions: z
    .object({ cost: queryCost.optional().catch(undefined) })
    .catch({})
    .optional(),
});

/** An answer, classified by what the caller can do. */
export type Answer<Data> = { readonly cost?: QueryCost | undefined } & (
  { readonly kind: 'done'; readonly data: Data } | PartialAnswer<Data> | FailedAnswer
);

/** An answer with data of which parts are missing. */
interface PartialAnswer<Data> {
  readonly kind: 'partial';
  readonly data: Data;
  readonly spoilt: readonly Spoilt[];
  /** What the answer is to whoever needs all of it. */
  readonly asWhole: FailedAnswer;
}

/** An answer that is of no use. */
export type FailedAnswer =
  | { readonly kind: 'throttled' }
  | { readonly kind: 'unauthorized' }
  /** `retryAfter` in milliseconds. */
  | { readonly kind: 'rate_limited'; readonly retryAfter: number | undefined }
  /** `where` has the paths of the fields at which Shopify has failed. */
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly where?: string;
      readonly cause?: unknown;
    }
  /**
   * `reason` has error codes, `where` has field paths, `permissions` the scopes that are missing. Shopify's text is left
   * out, because it may quote variables.
   */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly where?: string;
      readonly permissions?: readonly string[];
    };

function parse(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    // The parser's message quotes the body, so it is not kept.
    return undefined;
  }
}

/** An upper limit for Retry-After; Shopify sends 2 seconds. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Shopify sends seconds with a fraction, "2.0". A date counts as absent. */
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

/** The access scopes that a text of Shopify names, such as "`write_customers` access scope.". */
export function scopesIn(text: string): readonly string[] {
  return [...new Set(text.match(/\b(?:read|write)_[a-z_]{1,64}\b/g))];
}

type AnswerError = NonNullable<z.infer<typeof envelope>['errors']>[number];

const KINDS: ReadonlyMap<string, SpoiltKind> = new Map([
  ['ACCESS_DENIED', 'withheld'],
  ['NOT_FOUND', 'not_found'],
]);

/** What Shopify says without a code where an app is not approved for protected customer data. */
const WITHHELD = /not approved|protected[ -]customer[ -]data/i;

function toSpoilt({ message, path, extensions: { code } }: AnswerError): Spoilt {
  const isWithheldByText = code === '' && WITHHELD.test(message);
  return { path, kind: isWithheldByText ? 'withheld' : (KINDS.get(code) ?? 'failed') };
}

/** Whether there is something at the place of an error, or around it, that can be used. */
const isUsable = (data: object, { path, kind }: Spoilt) => {
  // Without a place an error may be about anything; only what is withheld is null wherever it stands.
  const [root] = path;
  if (root === undefined) return kind === 'withheld';
  const value: unknown = Reflect.get(data, root);
  return value !== null && value !== undefined;
};

function toFailed(errors: readonly AnswerError[]): FailedAnswer {
  const codes = new Set(errors.map(({ extensions }) => toCode(extensions.code)));
  if (codes.has('THROTTLED')) return { kind: 'throttled' };
  const reason = [...codes].join(', ');
  const where = errors.map(({ path }) => path.join('.')).join(', ');
  if (codes.has('INTERNAL_SERVER_ERROR'))
    return { kind: 'unavailable', reason, ...(where !== '' && { where }) };
  const permissions = scopesIn(errors.map(({ extensions }) => extensions.requiredAccess).join(' '));
  return { kind: 'refused', reason, where, ...(permissions.length > 0 && { permissions }) };
}

/**
 * Reads an answer of the GraphQL endpoint, data and errors together. `data` is not validated: the document is checked against Shopify's schema.
 * @throws fetch's error if the body ends early or the request times out
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
  const { data } = z
    .custom<Data & object>((value) => typeof value === 'object' && value !== null)
    .safeParse(body.data);
  if (errors === undefined)
    return data === undefined
      ? { kind: 'unavailable', reason: 'no data', cost }
      : { kind: 'done', data, cost };
  const asWhole = toFailed(errors);
  const spoilt = errors.map(toSpoilt);
  const isPartial = asWhole.kind !== 'throttled' && data !== undefined;
  return isPartial && spoilt.every((one) => isUsable(data, one))
    ? { kind: 'partial', data, spoilt, asWhole, cost }
    : { ...asWhole, cost };
}
