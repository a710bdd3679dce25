import { AppError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import { addCounts, type BackfillProgress, type ReadCounts } from './progress.ts';
import type { HeldJob } from '../jobs/held-job.ts';
import { createIdTally } from './id-tally.ts';
import type { ImportCustomers, Imported } from './apply-customers.ts';
import { fromLine } from './line.ts';

/** A part of what an import reads, and where it stands after it. */
export interface Piece {
  /** By id. */
  readonly nodes: ReadonlyMap<string, unknown>;
  readonly counts: ReadCounts;
  /** Over all ids up to here. */
  readonly digest: string;
  readonly page?: BackfillProgress['page'];
}

const PIECE = 100;
/** Pieces under way: while one ends, or asks Shopify, the next ones keep the writers busy. */
const UNDER_WAY = 4;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1000;
/** A save for each piece would be one write more for a hundred; what is lost with it is done again without harm. */
const SAVE_EVERY_MS = 200;

/**
 * Cuts lines into pieces, without those that are dealt with already.
 * @throws AppError `bulk_result_changed`: the lines before are not those that were dealt with
 */
export async function* listPieces(
  lines: AsyncIterable<string>,
  { lines_read: skipped, digest }: BackfillProgress,
): AsyncGenerator<Piece> {
  const tally = createIdTally();
  const nodes = new Map<string, unknown>();
  let counts = { lines_read: 0, duplicate: 0, unreadable: 0, other: 0 };
  let position = 0;

  const changed = () =>
    new AppError('bulk_result_changed', 'The result of the bulk operation is not what it was');

  function take(): Piece {
    const piece = { nodes: new Map(nodes), counts, digest: tally.digest() };
    nodes.clear();
    counts = { lines_read: 0, duplicate: 0, unreadable: 0, other: 0 };
    return piece;
  }

  for await (const text of lines) {
    const line = fromLine(text);
    const isFirst = line.kind === 'customer' && tally.add(line.id);
    position += 1;
    if (position === skipped && tally.digest() !== digest) throw changed();
    if (position <= skipped) continue;
    counts.lines_read += 1;
    if (line.kind !== 'customer') counts[line.kind] += 1;
    else if (isFirst) nodes.set(line.id, line.node);
    else counts.duplicate += 1;
    if (counts.lines_read === PIECE) yield take();
  }
  if (position < skipped) throw changed();
  if (counts.lines_read > 0) yield take();
}

interface ApplyDeps {
  readonly importCustomers: ImportCustomers;
  readonly job: HeldJob<BackfillProgress>;
  readonly shop: string;
}

/** Applies pieces, some at once, and notes each as soon as it and all before it are done. */
export async function applyPieces(
  { importCustomers, job, shop }: ApplyDeps,
  pieces: AsyncIterable<Piece>,
): Promise<void> {
  const underWay: Promise<void>[] = [];
  let savedAt = performance.now();

  /** What DynamoDB refuses for now is tried again: what is written already is found unchanged. */
  async function importPiece({ nodes }: Piece): Promise<Imported> {
    return retry(() => importCustomers(shop, nodes, job.signal), {
      attempts: ATTEMPTS,
      firstWait: FIRST_WAIT_MS,
      shouldRetry: (error) => error instanceof AppError && error.code === 'store_failed',
      signal: job.signal,
    });
  }

  /** What comes after a piece that failed does not count, but it is over when this is. */
  async function apply(piece: Piece, before: Promise<void>): Promise<void> {
    const { counts, digest, page } = piece;
    const imported = importPiece(piece);
    const over = Promise.allSettled([imported]);
    try {
      await before;
    } finally {
      await over;
    }
    const result = await imported;
    job.note({ ...addCounts(job.progress(), counts, result), digest, ...(page !== undefined && { page }) });
    if (performance.now() - savedAt < SAVE_EVERY_MS) return;
    savedAt = performance.now();
    await job.save({});
  }

  try {
    for await (const piece of pieces) {
      job.signal.throwIfAborted();
      const applied = apply(piece, underWay.at(-1) ?? Promise.resolve());
      // It is waited for later, and must not count as unhandled until then.
      applied.catch(() => undefined);
      underWay.push(applied);
      if (underWay.length === UNDER_WAY) await underWay.shift();
    }
  } finally {
    await underWay.at(-1);
  }
}
