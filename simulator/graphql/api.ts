import {
  buildSchema,
  defaultFieldResolver,
  executeSync,
  getOperationAST,
  GraphQLError,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { createBucket } from './bucket.ts';
import { answerCost, requestedCost } from './cost.ts';
import type { Asking } from './paging.ts';

const VERSIONS = ['2026-10', '2026-07'];
export const SCHEMAS = new Map(
  VERSIONS.map((version) => {
    const file = new URL(`../schema/admin-${version}.graphql`, import.meta.url);
    return [version, buildSchema(readFileSync(file, 'utf8'))];
  }),
);

export interface Limits {
  readonly maximum: number;
  /** Points a second. */
  readonly restoreRate: number;
  /** Of one query. */
  readonly maxCost: number;
  readonly scale: (length: number) => number;
}

const LIMITS: Limits = { maximum: 2000, restoreRate: 100, maxCost: 1000, scale: (length) => length };

interface AdminRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}

export interface AdminApiOptions {
  readonly root: object;
  /** Default: the object's own fields. */
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
  readonly now: () => Date;
  readonly limits?: Partial<Limits>;
  /** Also refuses deprecated fields and arguments. Default true. */
  readonly strict?: boolean;
  /** Fields that the app may not use; see faults.ts. */
  readonly denied?: ReadonlyMap<string, string>;
}

export interface AdminApi {
  /** @returns the body of a 200; undefined for an unknown version */
  answer(version: string, request: AdminRequest, isThrottled: boolean): object | undefined;
}

/** The Admin API of one shop for one app: Shopify's schema, query cost and throttling. */
export function createAdminApi({
  root,
  fieldResolver = defaultFieldResolver,
  now,
  limits = {},
  strict = true,
  denied = new Map(),
}: AdminApiOptions): AdminApi {
  const { maximum, restoreRate, maxCost, scale } = { ...LIMITS, ...limits };
  const bucket = createBucket({ maximum, restoreRate, now });
  const rules = strict ? [...specifiedRules, NoDeprecatedCustomRule] : specifiedRules;

  const resolveAllowed: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    const scope = denied.get(`${info.parentType.name}.${info.fieldName}`);
    if (scope !== undefined) throw accessDenied(info.fieldName, scope);
    return fieldResolver(source, args, context, info);
  };

  function costOf(requestedQueryCost: number, actualQueryCost: number | null) {
    return { cost: { requestedQueryCost, actualQueryCost, throttleStatus: bucket.status() } };
  }

  return {
    answer(version, request, isThrottled) {
      const schema = SCHEMAS.get(version);
      if (schema === undefined) return undefined;
      const document = toDocument(request.query);
      if (document instanceof GraphQLError) return { errors: [document] };
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return { errors };
      const variables = request.variables ?? {};
      const operationName = request.operationName ?? undefined;
      const requested = requestedCost({ schema, document, operationName, variables, scale });
      if (requested > maxCost) return { errors: [tooDear(requested, maxCost)] };
      if (isThrottled || !bucket.take(requested))
        return { errors: [throttled()], extensions: costOf(requested, null) };
      const contextValue: Asking = { inBulk: false };
      const answer = executeSync({
        schema,
        document,
        rootValue: root,
        contextValue,
        variableValues: variables,
        operationName,
        fieldResolver: resolveAllowed,
      });
      const isMutation = getOperationAST(document, operationName)?.operation === 'mutation';
      const actual = isMutation ? requested : Math.min(requested, answerCost(answer.data));
      bucket.giveBack(requested - actual);
      return { ...answer, extensions: costOf(requested, actual) };
    },
  };
}

function toDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('Unreadable query');
  }
}

const DOCUMENTATION = 'https://shopify.dev/api/usage/rate-limits';

function throttled() {
  return { message: 'Throttled', extensions: { code: 'THROTTLED', documentation: DOCUMENTATION } };
}

function accessDenied(field: string, scope: string): GraphQLError {
  const requiredAccess = `\`${scope}\` access scope.`;
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess,
    },
  });
}

function tooDear(cost: number, maxCost: number) {
  return {
    message: `Query cost is ${cost}, which exceeds the single query max cost limit (${maxCost}).`,
    extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost, documentation: DOCUMENTATION },
  };
}
