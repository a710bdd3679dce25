import type { Stored } from '../customers/precedence.ts';

/** An item of the users table as read; undefined: there is none. */
export type StoredItem = Readonly<Record<string, unknown>> | undefined;

// Greater than every hex digit: in DynamoDB's text order a snapshot beats every webhook of its second.
const SNAPSHOT_MARK = '~';

/** Before the snapshot's own time. */
const TIME_MARK = '@';

/**
 * A snapshot's source_digest; a webhook's is the digest itself.
 * @param snapshotAt its time, if the stored one is ahead of it and stays
 */
export const toSnapshotDigest = (digest: string, snapshotAt?: string): string =>
  SNAPSHOT_MARK + digest + (snapshotAt === undefined ? '' : TIME_MARK + snapshotAt);

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Whether an item is a tombstone that only the absence of the customer has made. */
export function isInferredTombstone(item: StoredItem): boolean {
  const stored = toStored(item);
  return stored.by === 'tombstone' && stored.inferred;
}

/** What an item says of who wins. */
export function toStored(item: StoredItem): Stored {
  if (item === undefined) return { by: 'nobody' };
  if (item['redacted_at'] !== undefined) return { by: 'tombstone', inferred: false };
  if (item['deleted_at'] !== undefined) return { by: 'tombstone', inferred: item['inferred'] === true };
  const updatedAt = textOf(item['shopify_updated_at']);
  const digest = textOf(item['source_digest']);
  if (digest?.startsWith(SNAPSHOT_MARK) !== true) return { by: 'webhook', updatedAt, digest };
  const [own = '', snapshotAt] = digest.slice(SNAPSHOT_MARK.length).split(TIME_MARK);
  return { by: 'snapshot', updatedAt, digest: own, snapshotAt };
}
