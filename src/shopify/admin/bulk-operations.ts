import { AppError } from '../../errors.ts';
import type { Admin } from './admin.ts';
import { listLines } from './json-lines.ts';
import {
  allCustomers,
  bulkOperationEnd,
  bulkOperationsOfApp,
  cancelBulkOperation,
  runBulkQuery,
} from './queries.ts';
import type { Transport } from '../transport.ts';

/** `busy`: the limit of concurrent operations is reached. `refused`: the shop does not allow it, now or later. */
export type Started =
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly reason: string };

/** The state of a bulk operation. */
export interface BulkState {
  readonly status: 'waiting' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'EXPIRED';
  /** As long as this stays the same nothing moves. */
  readonly mark: string;
  /** Why it failed, in Shopify's words. */
  readonly errorCode: string | undefined;
  /** When it was asked for, by Shopify's clock, UTC ISO 8601. */
  readonly createdAt: string;
  /** Customers, without what belongs to them. */
  readonly rootObjectCount: number;
  /** Where the result lies; null: it is empty. It lives for seven days. */
  readonly url: string | null;
}

/** The bulk operations that read all customers of a shop. */
export interface BulkOperations {
  /** Those of the app that were begun last, newest first, of any process. @throws AppError as Admin does */
  list(shop: string, signal: AbortSignal): Promise<readonly string[]>;
  /** @throws AppError as Admin does; after `admin_api_unavailable` an operation may run all the same: list tells */
  start(shop: string, signal: AbortSignal): Promise<Started>;
  /** Undefined: Shopify knows no such operation any more. */
  state(shop: string, id: string, signal: AbortSignal): Promise<BulkState | undefined>;
  /** Asks Shopify to end it, which Shopify does when it likes. */
  cancel(shop: string, id: string, signal: AbortSignal): Promise<void>;
  /**
   * The lines of a result, streamed.
   * @throws AppError `bulk_result_expired`, `admin_api_unavailable`, also after some lines
   */
  download(url: string): AsyncGenerator<string>;
}

export interface BulkOperationsDeps {
  readonly admin: Admin;
  /** With a timeout that allows the longest download. */
  readonly transport: Transport;
}

/** What storage answers for an address that is no longer good; Google's says 400 `ExpiredToken`. */
const EXPIRED = new Set([400, 403, 404, 410]);
/** Of the whole shop or of the app: other queries are refused as well. */
const REFUSALS = /^(?:unavailable_shop|forbidden|not_found|locked|redirected|http_\d+)$|access_denied/;

const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Whether only bulk operations are refused. */
const isOfBulkAlone = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'admin_api_refused' && !REFUSALS.test(error.reason ?? '');

export function createBulkOperations({ admin, transport }: BulkOperationsDeps): BulkOperations {
  async function run(shop: string, signal: AbortSignal): Promise<Started> {
    const variables = { query: allCustomers.text };
    const options = { priority: 'background' as const, signal, once: true };
    const { bulkOperationRunQuery: answer } = await admin.query(shop, runBulkQuery, variables, options);
    const id = answer?.bulkOperation?.id;
    if (id !== undefined) return { kind: 'started', id };
    const codes = answer?.userErrors.map(({ code }) => code ?? 'no code') ?? [];
    const isBusy = codes.some((code) => code === 'LIMIT_REACHED' || code === 'OPERATION_IN_PROGRESS');
    return isBusy ? { kind: 'busy' } : { kind: 'refused', reason: codes.join(', ') };
  }

  return {
    async list(shop, signal) {
      const options = { priority: 'background' as const, signal };
      const { bulkOperations } = await admin.query(shop, bulkOperationsOfApp, {}, options);
      return bulkOperations.nodes
        .filter(({ query }) => words(query) === words(allCustomers.text))
        .map(({ id }) => id);
    },

    async start(shop, signal) {
      try {
        return await run(shop, signal);
      } catch (error) {
        if (!isOfBulkAlone(error)) throw error;
        return { kind: 'refused', reason: error.message };
      }
    },

    async state(shop, id, signal) {
      const options = { priority: 'background' as const, signal };
      const { bulkOperation: operation } = await admin.query(shop, bulkOperationEnd, { id }, options);
      if (operation === null) return undefined;
      const { status, errorCode, createdAt, objectCount, rootObjectCount, url } = operation;
      const isOver =
        status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELED' || status === 'EXPIRED';
      return {
        status: isOver ? status : 'waiting',
        mark: `${status} ${objectCount}`,
        errorCode: errorCode ?? undefined,
        createdAt: new Date(createdAt).toISOString(),
        rootObjectCount: Number(rootObjectCount),
        url,
      };
    },

    async cancel(shop, id, signal) {
      await admin.query(shop, cancelBulkOperation, { id }, { priority: 'background', signal });
    },

    async *download(url) {
      try {
        // Without the access token: the results are stored by another company.
        const { ok, status, body } = await transport(url);
        if (EXPIRED.has(status))
          throw new AppError('bulk_result_expired', 'The result of the bulk operation is no longer there');
        if (!ok || body === null) throw new Error(`HTTP ${status}`);
        yield* listLines(body);
      } catch (cause) {
        if (cause instanceof AppError) throw cause;
        const message = 'The result of a bulk operation ended early';
        throw new AppError('admin_api_unavailable', message, { cause });
      }
    },
  };
}
