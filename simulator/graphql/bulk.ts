import {
  executeSync,
  getNamedType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Shop } from '../shop/shop.ts';
import { createBulkOperation, type BulkFault, type BulkOperation } from './bulk-operation.ts';
import { toJsonLines } from './jsonl.ts';

const AT_ONCE = 5;

export interface BulkOptions {
  readonly shop: Shop;
  /** See Bulk. */
  readonly polls?: number;
  readonly resultUrl: (file: string) => string;
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
}

export interface Bulk {
  readonly operations: ReadonlyMap<string, BulkOperation>;
  /** How often the next operations are asked for until they are over. Default 2: RUNNING, then COMPLETED. */
  polls: number;
  /** How the next operations end, in order; later ones succeed. */
  readonly faults: BulkFault[];
  /** The error codes of the next starts, in order. */
  readonly refusals: string[];
  /** The contents of the next downloads, in order, computed from the whole result. */
  readonly spoilers: ((text: string) => string)[];
  /** Ends all running operations. */
  finish(): void;
  /** Resolver of bulkOperationRunQuery. */
  run(query: string, info: GraphQLResolveInfo): object;
  download(file: string): string | undefined;
}

/** The bulk operations of one app in one shop. */
export function createBulk({ shop, polls = 2, resultUrl, fieldResolver }: BulkOptions): Bulk {
  const operations = new Map<string, BulkOperation>();
  const faults: BulkFault[] = [];
  const refusals: string[] = [];
  const spoilers: ((text: string) => string)[] = [];

  const bulk: Bulk = {
    operations,
    polls,
    faults,
    refusals,
    spoilers,
    finish() {
      for (const operation of operations.values()) operation.finish();
    },
    run(query, { schema, rootValue }) {
      const running = [...operations.values()].filter((operation) => !operation.isOver());
      if (running.length >= AT_ONCE)
        return refused('LIMIT_REACHED', 'Bulk operations limit reached. Please try again later.');
      const refusal = refusals.shift();
      if (refusal !== undefined) return refused(refusal, 'Refused');
      const document = toBulkDocument(schema, query);
      if (typeof document === 'string') return refused('INVALID', document);
      const answer = executeSync({
        schema,
        document,
        rootValue,
        contextValue: { inBulk: true },
        fieldResolver,
      });
      const fault = faults.shift();
      const operation = createBulkOperation({
        shop,
        query,
        polls: bulk.polls,
        fault,
        resultUrl,
        ...toJsonLines(answer.data),
      });
      operations.set(operation.gid, operation);
      return { bulkOperation: operation.view(), userErrors: [] };
    },
    download(file) {
      for (const operation of operations.values()) {
        const text = operation.download(file);
        if (text !== undefined) return (spoilers.shift() ?? String)(text);
      }
      return undefined;
    },
  };
  return bulk;
}

function refused(code: string, message: string): object {
  return {
    bulkOperation: null,
    userErrors: [{ code, field: code === 'INVALID' ? ['query'] : null, message }],
  };
}

/** The document, or its error. */
function toBulkDocument(schema: GraphQLSchema, query: string): DocumentNode | string {
  try {
    const document = parse(query);
    const [error] = validate(schema, document);
    if (error !== undefined) return `Invalid bulk query: ${error.message}`;
    return countConnections(schema, document) === 0
      ? 'Bulk queries must contain at least one connection.'
      : document;
  } catch (error) {
    return `Invalid bulk query: ${error instanceof Error ? error.message : 'unreadable'}`;
  }
}

function countConnections(schema: GraphQLSchema, document: DocumentNode): number {
  const types = new TypeInfo(schema);
  let count = 0;
  const visitor = visitWithTypeInfo(types, {
    Field() {
      if (getNamedType(types.getType())?.name.endsWith('Connection') === true) count += 1;
    },
  });
  visit(document, visitor);
  return count;
}
