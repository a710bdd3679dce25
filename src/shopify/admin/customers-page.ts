import { spoiltAt, withSpoilt, type Spoilt } from '../../customers/spoilt.ts';
import { AppError } from '../../errors.ts';
import { FieldFailure, type Admin, type QueryOptions } from './admin.ts';
import { customerSnapshots, type TypedDocument } from './queries.ts';

export interface PageAnswer {
  readonly customers: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** A page of a list of customers, each with what of them is spoilt. */
export interface CustomersPage {
  readonly nodes: readonly unknown[];
  readonly pageInfo: PageAnswer['customers']['pageInfo'];
  readonly requests: number;
}

/** Ids in one query, as a refresh asks for. */
const BATCH = 50;
/** Of one about whom nothing was said. */
const UNTOLD: readonly Spoilt[] = [{ path: [], kind: 'failed' }];

/**
 * A page of customers. If Shopify fails at one of them so that there is no list at all, their ids are listed, and each
 * is asked for: then only the one is missing.
 * @param documents the list, and the same with nothing but ids and times
 * @throws AppError those of Admin
 */
export async function readCustomersPage<Variables extends object>(
  admin: Admin,
  shop: string,
  documents: {
    readonly whole: TypedDocument<PageAnswer, Variables>;
    readonly ids: TypedDocument<PageAnswer, Variables>;
  },
  variables: Variables,
  options: QueryOptions,
): Promise<CustomersPage> {
  const answer = await admin.read(shop, documents.whole, variables, options).catch((error: unknown) => {
    if (error instanceof AppError && error.cause instanceof FieldFailure) return undefined;
    throw error;
  });
  if (answer !== undefined) {
    const { nodes, pageInfo } = answer.data.customers;
    const read = nodes.map((node, n) => withSpoilt(node, spoiltAt(answer.spoilt, ['customers', 'nodes', n])));
    return { nodes: read, pageInfo, requests: 1 };
  }

  const listed = await admin.read(shop, documents.ids, variables, options);
  const { nodes: found, pageInfo } = listed.data.customers;
  const nodes: unknown[] = [];
  let requests = 2;
  for (let start = 0; start < found.length; start += BATCH) {
    const some = found.slice(start, start + BATCH);
    const ids = some.map(({ id }) => id);
    const { data, spoilt } = await admin.read(shop, customerSnapshots, { ids }, options);
    requests += 1;
    for (const [n, one] of some.entries()) {
      const node = data.nodes[n];
      nodes.push(
        node === null || node === undefined
          ? withSpoilt(one, UNTOLD)
          : withSpoilt(node, spoiltAt(spoilt, ['nodes', n])),
      );
    }
  }
  return { nodes, pageInfo, requests };
}
