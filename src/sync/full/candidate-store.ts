import { DatabaseSync } from 'node:sqlite';

/** The customers that a comparison has met, on disk, so that its memory does not grow with the shop. */
export interface CandidateStore {
  /** Notes who is in a listing, and of whom somebody should ask. A listing that is begun anew has another name. */
  addListed(listing: string, ids: readonly string[], nextCandidates: readonly string[]): void;
  /** Notes those who are not in a listing as doubtful. */
  addUnlisted(listing: string, ids: readonly string[]): void;
  /** The next doubtful ones after an id, in the order of their text, each once. */
  doubtful(after: string, limit: number): readonly string[];
  /** Removes the file. */
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  CREATE TABLE listed (listing TEXT, id TEXT, PRIMARY KEY (listing, id)) WITHOUT ROWID;
  CREATE TABLE doubtful (id TEXT PRIMARY KEY) WITHOUT ROWID;`;

/** A file without a name in the folder for temporary files, so that it goes with its process. */
export function createCandidateStore(): CandidateStore {
  const database = new DatabaseSync('');
  database.exec(SCHEMA);
  const list = database.prepare('INSERT OR IGNORE INTO listed VALUES (?, ?)');
  const doubt = database.prepare('INSERT OR IGNORE INTO doubtful VALUES (?)');
  const find = database.prepare('SELECT 1 FROM listed WHERE listing = ? AND id = ?');
  const next = database.prepare('SELECT id FROM doubtful WHERE id > ? ORDER BY id LIMIT ?');

  function together(work: () => void): void {
    database.exec('BEGIN');
    work();
    database.exec('COMMIT');
  }

  return {
    addListed: (listing, ids, doubtful) =>
      together(() => {
        for (const id of ids) list.run(listing, id);
        for (const id of doubtful) doubt.run(id);
      }),

    addUnlisted: (listing, ids) =>
      together(() => {
        for (const id of ids) if (find.get(listing, id) === undefined) doubt.run(id);
      }),

    doubtful: (after, limit) => next.all(after, limit).map(({ id }) => String(id)),

    close: () => database.close(),
  };
}
