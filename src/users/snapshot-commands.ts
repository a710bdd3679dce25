import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import { changeOf, type Change } from '../customers/change.ts';
import type { Entitlements } from '../customers/entitlements.ts';
import { toSecond } from '../customers/instant.ts';
import type { Plan } from '../customers/plan.ts';
import { precedenceOf } from '../customers/precedence.ts';
import type { Snapshot } from '../customers/snapshot.ts';
import {
  IS_INFERRED,
  NOT_DELETED,
  profileAttributes,
  TOMBSTONE_ATTRIBUTES,
  type UsersContext,
} from './commands.ts';
import { toScoped } from './item.ts';
import { isInferredTombstone, toSnapshotDigest, toStored, type StoredItem } from './stored-state.ts';

/** A plan's details as copied into a member's item. */
export function toMembership(plan: Plan, source: string): Readonly<Record<string, unknown>> {
  const { gid, id, name, tier, price, currency, interval, version } = plan;
  return { gid, id, name, tier, price, currency, interval, version, source };
}

/** What orders changes. A snapshot leaves a stored time that is ahead, if it is applied in spite of it, and tells its own. */
function orderAttributes({ updatedAt, digest }: Change, stored: StoredItem, isForced: boolean) {
  const existing = toStored(stored);
  if ('updatedAt' in existing && existing.updatedAt !== undefined) {
    const isAhead = toSecond(existing.updatedAt) > toSecond(updatedAt);
    if (isAhead && (isForced || existing.snapshotAt !== undefined))
      return { shopify_updated_at: existing.updatedAt, source_digest: toSnapshotDigest(digest, updatedAt) };
  }
  return { shopify_updated_at: updatedAt, source_digest: toSnapshotDigest(digest) };
}

/** Undefined leaves an attribute alone, null removes it. */
function snapshotAttributes(
  context: UsersContext,
  { customer }: Snapshot,
  entitlements: Entitlements,
  stored: StoredItem,
  isForced: boolean,
) {
  const { plan, source } = entitlements;
  const change = changeOf(customer);
  const toFlag = (value: boolean | undefined) =>
    value === undefined ? undefined : value ? toScoped(context, 'true') : null;
  return {
    shop: context.shop,
    shopify_id: customer.id,
    ...profileAttributes(context, customer),
    ...(change && orderAttributes(change, stored, isForced)),
    is_admin: toFlag(entitlements.isAdmin),
    is_featured_author: toFlag(entitlements.isFeaturedAuthor),
    membership_id: plan && toScoped(context, plan.id),
    membership: plan && toMembership(plan, source ?? 'metafield'),
  };
}

/** Only the membership needs a deep comparison, which is slow. */
const isSame = (existing: unknown, wanted: unknown) =>
  existing === wanted || (typeof wanted === 'object' && isDeepStrictEqual(existing, wanted));

/** Attributes only a snapshot carries. */
export const SNAPSHOT_ONLY_ATTRIBUTES: readonly string[] = [
  'is_admin',
  'is_featured_author',
  'membership_id',
  'membership',
];

/**
 * Whether a snapshot may still be written although its item has changed since it was read: true if only older webhooks
 * changed it. These have a smaller time and touch neither roles nor membership.
 */
export function isStillCurrent({ customer }: Snapshot, before: StoredItem, now: StoredItem): boolean {
  const stored = toStored(now);
  const { updatedAt = '' } = customer;
  return (
    // Without a time, no webhook wrote it.
    'updatedAt' in stored &&
    stored.updatedAt !== undefined &&
    precedenceOf({ by: 'listing', updatedAt }, stored) === 'wins' &&
    SNAPSHOT_ONLY_ATTRIBUTES.every((name) => isDeepStrictEqual(before?.[name], now?.[name]))
  );
}

type Difference = readonly [name: string, value: unknown];

/** The attributes that a snapshot would change, with their new values; null removes. */
function differencesOf(
  context: UsersContext,
  snapshot: Snapshot,
  entitlements: Entitlements,
  stored: StoredItem,
  isForced = false,
): readonly Difference[] {
  const wanted: readonly Difference[] = Object.entries(
    snapshotAttributes(context, snapshot, entitlements, stored, isForced),
  );
  const lifted: readonly Difference[] = isInferredTombstone(stored)
    ? TOMBSTONE_ATTRIBUTES.map((name) => [name, null])
    : [];
  const differing = [...wanted, ...lifted].filter(
    ([name, value]) => value !== undefined && !isSame(stored?.[name] ?? null, value),
  );
  const { createdAt } = snapshot.customer;
  const lacksCreation = createdAt !== undefined && stored?.['created_at'] === undefined;
  // A new digest alone is not worth a write, unless it is what tells that the snapshot stands in spite of the time.
  if (!isForced && differing.every(([name]) => name === 'source_digest') && !lacksCreation) return [];
  return lacksCreation ? [...differing, ['created_at', createdAt]] : differing;
}

/** The names of the attributes that a snapshot would change of an item. */
export function differingNames(
  context: UsersContext,
  snapshot: Snapshot,
  entitlements: Entitlements,
  stored: StoredItem,
): readonly string[] {
  return differencesOf(context, snapshot, entitlements, stored).map(([name]) => name);
}

const ORDER_ATTRIBUTES: ReadonlySet<string> = new Set(['shopify_updated_at', 'source_digest']);

/** Whether an item has what a snapshot says, leaving aside when and by whom it was told. */
export function hasContent(
  context: UsersContext,
  snapshot: Snapshot,
  entitlements: Entitlements,
  stored: StoredItem,
): boolean {
  const names = differingNames(context, snapshot, entitlements, stored);
  return names.every((name) => ORDER_ATTRIBUTES.has(name));
}

/**
 * The conditional update that makes an item what a snapshot says, or undefined if it is that already. It holds only as
 * long as nobody has written since the item was read: the snapshot may be older than such a write. A tombstone that was
 * inferred from absence becomes the person again.
 * @param isForced whether it is applied although the stored time is ahead, which stays
 */
export function snapshotCommand(
  context: UsersContext,
  userId: string,
  snapshot: Snapshot,
  entitlements: Entitlements,
  stored: StoredItem,
  isForced = false,
): UpdateCommandInput | undefined {
  const differing = differencesOf(context, snapshot, entitlements, stored, isForced);
  if (differing.length === 0) return undefined;
  const written = differing.filter(([, value]) => value !== null);
  const removed = differing.filter(([, value]) => value === null).map(([name]) => name);
  const sets = written.map(([name]) => `${name} = :${name}`);
  const revision = stored?.['revision'];
  const unmoved =
    stored === undefined
      ? 'attribute_not_exists(user_id)'
      : revision === undefined
        ? 'attribute_exists(user_id) AND attribute_not_exists(revision)'
        : 'revision = :revision';
  return {
    TableName: context.table,
    Key: { user_id: userId },
    UpdateExpression: [
      sets.length > 0 ? `SET ${sets.join(', ')}` : '',
      removed.length > 0 ? `REMOVE ${removed.join(', ')}` : '',
      'ADD revision :one',
    ].join(' '),
    ConditionExpression: `${isInferredTombstone(stored) ? IS_INFERRED : NOT_DELETED} AND ${unmoved}`,
    ExpressionAttributeValues: {
      ...Object.fromEntries(written.map(([name, value]) => [`:${name}`, value])),
      ...(stored !== undefined && revision !== undefined && { ':revision': revision }),
      ':one': 1,
    },
  };
}
