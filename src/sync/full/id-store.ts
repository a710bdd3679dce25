import { DatabaseSync } from 'node:sqlite';

/** Whom a full sync has met, on disk, so that its memory does not grow with the shop. */
export interface IdStore {
  /** False if the id has come before in this listing. */
  addListed(id: string): boolean;
  /** Another listing begins, or the same one from its start. */
  clearListed(): void;
  /** Notes those of these users who are not in the listing: Shopify may not have them any more. */
  addUnlisted(ids: readonly string[]): void;
  /** Notes users whom Shopify may not have any more although they were listed. */
  addCandidates(ids: readonly string[]): void;
  /** Candidates after one, each once; undefined: from the first. */
  nextCandidates(after: string | undefined, limit: number): readonly string[];
  /** Shopify has said once that it has no such customers. */
  markAbsent(ids: readonly string[]): void;
  countAbsent(): number;
  /** Of those marked, as nextCandidates. */
  nextAbsent(after: string | undefined, limit: number): readonly string[];
  /** Notes a refresh that was pending when the full sync began. */
  addPending(id: string, version: string): void;
  pending(): Iterable<{ readonly id: string; readonly version: string }>;
  /** Removes the file. */
  close(): void;
}

// Nothing of it outlives the process, so nothing has to be safe.
const SCHEMA = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  CREATE TABLE listed (id PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE candidate (id PRIMARY KEY, is_absent INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE pending (id TEXT PRIMARY KEY, version TEXT NOT NULL) WITHOUT ROWID;
  BEGIN;`;

/** Digits that always fit into an integer of SQLite, which takes a third of the room of the text. */
const INTEGER_DIGITS = 18;

const toKey = (id: string) => (id.length <= INTEGER_DIGITS ? BigInt(id) : id);

/** A file without a name in the folder for temporary files, so that it goes with its process. */
export function createIdStore(): IdStore {
  const database = new DatabaseSync('');
  database.exec(SCHEMA);
  const addOne = database.prepare('INSERT OR IGNORE INTO listed VALUES (?)');
  const clear = database.prepare('DELETE FROM listed');
  const find = database.prepare('SELECT 1 FROM listed WHERE id = ?');
  const addCandidate = database.prepare('INSERT OR IGNORE INTO candidate (id) VALUES (?)');
  const mark = database.prepare('UPDATE candidate SET is_absent = 1 WHERE id = ?');
  const count = database.prepare('SELECT count(*) AS n FROM candidate WHERE is_absent = 1');
  // Integers stand before all texts, in this order as in SQLite's.
  const next = database.prepare('SELECT id FROM candidate WHERE id > ? ORDER BY id LIMIT ?');
  const absent = database.prepare(
    'SELECT id FROM candidate WHERE is_absent = 1 AND id > ? ORDER BY id LIMIT ?',
  );
  const addVersion = database.prepare('INSERT OR REPLACE INTO pending VALUES (?, ?)');
  const versions = database.prepare('SELECT id, version FROM pending');
  for (const statement of [next, absent]) statement.setReadBigInts(true);

  const idsOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ id }) => String(id));
  const startOf = (after: string | undefined) => (after === undefined ? 0n : toKey(after));

  return {
    addListed: (id) => addOne.run(toKey(id)).changes !== 0,

    clearListed: () => void clear.run(),

    addUnlisted(ids) {
      for (const id of ids) if (find.get(toKey(id)) === undefined) addCandidate.run(toKey(id));
    },

    addCandidates(ids) {
      for (const id of ids) addCandidate.run(toKey(id));
    },

    nextCandidates: (after, limit) => idsOf(next.all(startOf(after), limit)),

    markAbsent(ids) {
      for (const id of ids) mark.run(toKey(id));
    },

    countAbsent: () => Number(count.get()?.['n']),

    nextAbsent: (after, limit) => idsOf(absent.all(startOf(after), limit)),

    addPending: (id, version) => void addVersion.run(id, version),

    *pending() {
      for (const { id, version } of versions.iterate()) yield { id: String(id), version: String(version) };
    },

    close: () => database.close(),
  };
}
