import { randomUUID } from 'node:crypto';
import { bulkFinishPayload, toGid } from '../webhooks/payloads.ts';
import type { Shop } from '../shop/shop.ts';
import { toApiTime } from '../shop/time.ts';

/** How an operation fails. Partial data: the number of lines in the partial result. */
export type BulkFault =
  | { readonly status: 'FAILED'; readonly errorCode: string; readonly partialLines: number }
  | { readonly status: 'CANCELED' | 'EXPIRED' };

export interface BulkOperation {
  readonly gid: string;
  readonly createdAt: Date;
  /** The operation as the API returns it. Each poll advances it: CREATED, RUNNING, COMPLETED. */
  poll(): object;
  view(): object;
  isOver(): boolean;
  /** Ends it now. */
  finish(): void;
  cancel(): void;
  /** Expires the URL of its result. */
  expire(): void;
  /** The result, if the file is this operation's and its URL has not expired. */
  download(file: string): string | undefined;
}

export interface BulkOperationInput {
  readonly shop: Shop;
  readonly query: string;
  readonly lines: readonly string[];
  readonly roots: number;
  /** Polls until it ends. */
  readonly polls: number;
  readonly fault: BulkFault | undefined;
  readonly resultUrl: (file: string) => string;
}

const RESULT_LIVES_MS = 7 * 24 * 60 * 60 * 1000;
let nextId = 147595010;

/** One bulk operation. Its result is the shop's state at the start. */
export function createBulkOperation(input: BulkOperationInput): BulkOperation {
  const { shop, query, roots, fault, polls, resultUrl } = input;
  const gid = toGid('BulkOperation', String((nextId += 1)));
  const createdAt = shop.now();
  const file = `${randomUUID()}.jsonl`;
  let lines = input.lines;
  let status = 'CREATED';
  let errorCode: string | null = null;
  let asked = 0;
  let completedAt: Date | undefined;
  let expired = false;

  function end(next: string): void {
    status = next;
    completedAt = shop.now();
    shop.tell(
      'bulk_operations/finish',
      bulkFinishPayload({ gid, status, errorCode, createdAt, completedAt }),
    );
  }

  function finish(): void {
    if (isOver()) return;
    if (status === 'CANCELING') return end('CANCELED');
    if (fault?.status === 'FAILED') {
      errorCode = fault.errorCode;
      lines = lines.slice(0, fault.partialLines);
    }
    if (fault?.status === 'EXPIRED') expired = true;
    end(fault?.status ?? 'COMPLETED');
  }

  function isOver(): boolean {
    return completedAt !== undefined;
  }

  function isAvailable(): boolean {
    const age = completedAt === undefined ? 0 : shop.now().getTime() - completedAt.getTime();
    return !expired && age < RESULT_LIVES_MS && lines.length > 0;
  }

  function view(): object {
    const isGone = status === 'COMPLETED' && lines.length > 0 && !isAvailable();
    const url = isAvailable() ? resultUrl(file) : null;
    const count = isOver() ? lines.length : Math.floor((lines.length * asked) / (polls + 1));
    return {
      __typename: 'BulkOperation',
      id: gid,
      status: isGone ? 'EXPIRED' : status,
      errorCode,
      type: 'QUERY',
      query,
      createdAt: toApiTime(createdAt),
      completedAt: status === 'COMPLETED' && completedAt !== undefined ? toApiTime(completedAt) : null,
      objectCount: String(count),
      rootObjectCount: String(isOver() ? roots : 0),
      fileSize: status === 'COMPLETED' ? String(toText().length) : null,
      url: status === 'COMPLETED' ? url : null,
      partialDataUrl: status === 'FAILED' ? url : null,
    };
  }

  function toText(): string {
    return lines.map((line) => `${line}\n`).join('');
  }

  return {
    gid,
    createdAt,
    view,
    isOver,
    finish,
    poll() {
      asked += 1;
      if (status === 'CANCELING' || asked >= polls) finish();
      else if (status === 'CREATED') status = 'RUNNING';
      return view();
    },
    cancel() {
      if (!isOver()) status = 'CANCELING';
    },
    expire() {
      expired = true;
    },
    download: (wanted) => (wanted === file && isAvailable() ? toText() : undefined),
  };
}
