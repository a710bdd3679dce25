import type { Certificate, Certificates } from '../../ledger/certificates.ts';

interface LastImports extends Awaited<ReturnType<Certificates['latest']>> {
  /** Since when an import is wanted, by Shopify's clock, UTC ISO 8601; undefined: never. */
  readonly requestedAt: string | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** All came, but some customers could not be read or written. */
function lacksCustomersOnly({ object_count, lines_read, duplicate, unreadable }: Certificate): boolean {
  return unreadable === 0 && lines_read - duplicate === object_count;
}

/**
 * Whether an import is wanted and its time has come. What was not complete is repeated after an hour. Where only single
 * customers were lacking, another run will hardly bring them, and reads all others in vain: it waits for as long as the
 * import has been wanted, so that the waits double from an hour to a day.
 */
export function isImportDue({ requestedAt, last, complete }: LastImports, now: Date): boolean {
  if (requestedAt === undefined) return false;
  // Both by Shopify's clock, which tells operations in whole seconds.
  const isSince = ({ snapshot_at }: Certificate) => snapshot_at.slice(0, 19) >= requestedAt.slice(0, 19);
  if (complete !== undefined && isSince(complete)) return false;
  if (last === undefined || !isSince(last)) return true;
  const finishedAt = Date.parse(last.finished_at);
  const wantedFor = lacksCustomersOnly(last) ? finishedAt - Date.parse(requestedAt) : 0;
  return now.getTime() - finishedAt >= Math.min(DAY_MS, Math.max(HOUR_MS, wantedFor));
}
