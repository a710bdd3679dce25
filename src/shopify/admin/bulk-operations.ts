import { AppError } from '../../errors.ts';
import type { Admin } from './admin.ts';
import { listLines } from './json-lines.ts';
import { allCustomers, bulkOperationEnd, bulkOperationsOfApp, runBulkQuery } from './queries.ts';
import type { Transport } from '../transport.ts';

/** `busy`: the limit of concurrent operations is reached. `refused`: the shop does not allow it, now or later. */
export type Started =
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly reason: string };

/** The state of a bulk operation. */
export interface BulkState {
  readonly status: 'waiting' | 'COMPLETED' | 'FAILED' | 'CANCELED' | 'EXPIRED';
  /** By Shopify's clock, UTC ISO 8601. */
  readonly createdAt: string;
  readonly objectCount: number;
  /** The URL of the result or of a partial one, for seven days; null: none. */
  readonly url: string | null;
}

interface StartOptions {
  /** An operation that this app created since then is taken over: the answer to its start was lost. */
  readonly since: Date;
  /** Operations that are not taken over. */
  readonly except: readonly string[];
  readonly signal: AbortSignal;
}

/** The bulk operations that read all customers of a shop. */
export interface BulkOperations {
  /** @throws AppError as Admin does. After `admin_api_unavailable` an operation may be running: call start again */
  start(shop: string, options: StartOptions): Promise<Started>;
  /** Undefined: Shopify no longer has the operation. */
  state(shop: string, id: string, signal: AbortSignal): Promise<BulkState | undefined>;
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

/** The most that Shopify's clock and ours may differ. */
const SKEW_MS = 60_000;
/** Answers of the storage to an expired URL; Google's says 400 `ExpiredToken`. */
const EXPIRED = new Set([400, 403, 404, 410]);

const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

export function createBulkOperations({ admin, transport }: BulkOperationsDeps): BulkOperations {
  async function find(shop: string, { since, except, signal }: StartOptions): Promise<string | undefined> {
    const options = { priority: 'background' as const, signal };
    const { bulkOperations } = await admin.query(shop, bulkOperationsOfApp, {}, options);
    const earliest = since.getTime() - SKEW_MS;
    return bulkOperations.nodes.find(
      ({ id, createdAt, query }) =>
        words(query) === words(allCustomers.text) &&
        Date.parse(createdAt) >= earliest &&
        !except.includes(id),
    )?.id;
  }

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
    async start(shop, options) {
      const found = await find(shop, options);
      if (found !== undefined) return { kind: 'started', id: found };
      try {
        return await run(shop, options.signal);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'admin_api_refused') throw error;
        return { kind: 'refused', reason: error.message };
      }
    },

    async state(shop, id, signal) {
      const options = { priority: 'background' as const, signal };
      const { bulkOperation: operation } = await admin.query(shop, bulkOperationEnd, { id }, options);
      if (operation === null) return undefined;
      const { status, createdAt, objectCount, url, partialDataUrl } = operation;
      const isOver =
        status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELED' || status === 'EXPIRED';
      return {
        status: isOver ? status : 'waiting',
        createdAt: new Date(createdAt).toISOString(),
        objectCount: Number(objectCount),
        url: url ?? partialDataUrl,
      };
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
