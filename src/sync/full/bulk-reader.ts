import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { Batch } from './batches.ts';
import type { IdStore } from './id-store.ts';
import { fromLine } from './line.ts';
import type { FullSyncProgress } from './progress.ts';

const BATCH = 100;

/**
 * The customers of a bulk operation's result in batches, without those that are dealt with already: these are read
 * again for their ids alone.
 * @throws AppError `bulk_result_changed`: what comes before is not what was dealt with
 */
export async function* readLines(
  lines: AsyncIterable<string>,
  { listed: skipped, digest }: Pick<FullSyncProgress, 'listed' | 'digest'>,
  ids: Pick<IdStore, 'addListed' | 'clearListed'>,
): AsyncGenerator<Batch> {
  const all = createHash('sha256');
  const nodes = new Map<string, unknown>();
  let counts = { listed: 0, duplicate: 0, unreadable: 0 };
  let position = 0;
  ids.clearListed();

  const toDigest = () => all.copy().digest('hex');
  const changed = () =>
    new AppError('bulk_result_changed', 'The result of the bulk operation is not what it was');

  function take(): Batch {
    const batch = { nodes: new Map(nodes), ...counts, place: { digest: toDigest() } };
    nodes.clear();
    counts = { listed: 0, duplicate: 0, unreadable: 0 };
    return batch;
  }

  for await (const text of lines) {
    const line = fromLine(text);
    if (line.kind === 'child') continue;
    const isFirst = line.kind === 'customer' && ids.addListed(line.id);
    all.update(line.kind === 'customer' ? `${line.id}\n` : '\n');
    position += 1;
    if (position === skipped && toDigest() !== digest) throw changed();
    if (position <= skipped) continue;
    counts.listed += 1;
    if (line.kind === 'unreadable') counts.unreadable += 1;
    else if (isFirst) nodes.set(line.id, line.node);
    else counts.duplicate += 1;
    if (counts.listed === BATCH) yield take();
  }
  if (position < skipped) throw changed();
  if (counts.listed > 0) yield take();
}
