import type { Stored } from '../customers/precedence.ts';

/** An item of the users table as read; undefined: there is none. */
export type StoredItem = Readonly<Record<string, unknown>> | undefined;

// Greater than every hex digit: in DynamoDB's text order a snapshot beats every webhook of its second.
const SNAPSHOT_MARK = '~';

/** A snapshot's source_digest; a webhook's is the digest itself. */
export const toSnapshotDigest = (digest: string): string => SNAPSHOT_MARK + digest;

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** An item as precedenceOf takes it. */
export function toStored(item: StoredItem): Stored {
  if (item === undefined) return { by: 'nobody' };
  if (item['deleted_at'] !== undefined || item['redacted_at'] !== undefined) return { by: 'tombstone' };
  const updatedAt = textOf(item['shopify_updated_at']);
  const digest = textOf(item['source_digest']);
  if (digest?.startsWith(SNAPSHOT_MARK) !== true) return { by: 'webhook', updatedAt, digest };
  return { by: 'snapshot', updatedAt, digest: digest.slice(SNAPSHOT_MARK.length) };
}
