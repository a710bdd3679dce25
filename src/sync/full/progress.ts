import { z } from 'zod';
import type { JobState } from '../../ledger/jobs.ts';
import { counts, type Certificate } from '../../ledger/certificates.ts';
import { NO_IDS } from './id-tally.ts';
import type { Imported } from './apply-customers.ts';

const schema = z.object({
  kind: z.enum(['backfill', 'compare']),
  /** A comparison that repairs what it finds. */
  repair: z.boolean().optional(),
  /** `reading`: Shopify collects the customers. `applying`: they are written. `done`: there is a certificate. */
  state: z.enum(['starting', 'reading', 'applying', 'done']),
  started_at: z.string(),
  /** Lines that are dealt with, of so many; unknown as long as Shopify still collects them. */
  done: z.number(),
  total: z.number().optional(),
  way: z.enum(['bulk', 'paging']),
  operation: z.string().optional(),
  /** Since when an operation is being started. */
  starting_since: z.string(),
  /** Operations that are not to be taken over, newest last. */
  tried: z.array(z.string()),
  operations: z.number(),
  snapshot_at: z.string(),
  ...counts.shape,
  /** The place in a listing by pages. */
  page: z
    .object({
      first: z.number(),
      depth: z.number(),
      /** After this page of the listing, which begins after this id. */
      cursor: z.string().optional(),
      after_id: z.string().optional(),
    })
    .optional(),
  requests: z.number(),
  write_units: z.number(),
  problem: z.string().optional(),
});

/** How far a backfill or a comparison is, as any process can go on with it. Instants are UTC ISO 8601. */
export type BackfillProgress = z.infer<typeof schema>;

/** Nothing is read yet of an operation's result or of a listing. */
export const nothingRead = {
  done: 0,
  lines_read: 0,
  written: 0,
  unchanged: 0,
  already_newer: 0,
  duplicate: 0,
  tombstoned: 0,
  failed: 0,
  unreadable: 0,
  other: 0,
  digest: NO_IDS,
} as const;

/** What is counted when lines are read; the rest when they are applied. */
export type ReadCounts = Pick<BackfillProgress, 'lines_read' | 'duplicate' | 'unreadable' | 'other'>;

/** The counts after some more lines. */
export function addCounts(
  before: BackfillProgress,
  read: ReadCounts,
  imported: Imported,
): Partial<BackfillProgress> {
  return {
    done: before.done + read.lines_read,
    lines_read: before.lines_read + read.lines_read,
    duplicate: before.duplicate + read.duplicate,
    unreadable: before.unreadable + read.unreadable,
    other: before.other + read.other,
    written: before.written + imported.written,
    unchanged: before.unchanged + imported.unchanged,
    already_newer: before.already_newer + imported.already_newer,
    tombstoned: before.tombstoned + imported.tombstoned,
    failed: before.failed + imported.failed,
    requests: before.requests + imported.requests,
    write_units: before.write_units + imported.write_units,
  };
}

const MAX_TRIED = 10;

/** Undefined if nobody has begun yet, or what was saved is of another program. */
export function readProgress(saved: unknown): BackfillProgress | undefined {
  return schema.safeParse(saved).data;
}

/**
 * A run from the beginning.
 * @param jobs of the shop: operations of theirs are not taken over, because what they tell may be older than the run
 */
export function freshProgress(
  kind: BackfillProgress['kind'],
  jobs: ReadonlyMap<string, JobState>,
  now: Date,
): BackfillProgress {
  return {
    kind,
    state: 'starting',
    started_at: now.toISOString(),
    way: 'bulk',
    starting_since: now.toISOString(),
    tried: [...jobs.values()].flatMap(({ progress }) => triedOf(readProgress(progress))),
    operations: 0,
    snapshot_at: now.toISOString(),
    ...nothingRead,
    requests: 0,
    write_units: 0,
  };
}

/** With the operation that is given up. */
export function triedOf(progress: BackfillProgress | undefined): string[] {
  if (progress === undefined) return [];
  const { tried, operation } = progress;
  return (operation === undefined ? tried : [...tried, operation]).slice(-MAX_TRIED);
}

/** What a run ends with. */
export function toCertificate(
  progress: BackfillProgress,
  objectCount: number,
  problem: string | undefined,
  now: Date,
): Certificate {
  const { way, snapshot_at, started_at, operations, requests, write_units } = progress;
  return {
    complete: problem === undefined,
    ...(problem !== undefined && { problem }),
    way,
    object_count: objectCount,
    ...counts.parse(progress),
    snapshot_at,
    started_at,
    finished_at: now.toISOString(),
    duration_ms: now.getTime() - Date.parse(started_at),
    operations,
    requests,
    write_units,
  };
}
