import type {
  GetCommandInput,
  PutCommandInput,
  QueryCommandInput,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { changeOf } from '../customers/change.ts';
import { toSecond } from '../customers/instant.ts';
import { toExpiry } from '../dynamodb/ttl.ts';
import type { Customer } from '../customers/customer.ts';
import { profileFields } from '../customers/fields.ts';
import { toScoped, type Scope } from './item.ts';

/** One shop's part of the users table, and which account states count as active. */
export interface UsersContext extends Scope {
  /** The table's full name. */
  readonly table: string;
  /** In lower case. */
  readonly activeStates: ReadonlySet<string>;
}

// The rule of customers/precedence.ts as conditions, so that DynamoDB checks it atomically with the write.
/** A tombstone is final: no later write brings the person back. */
export const NOT_DELETED = 'attribute_not_exists(deleted_at) AND attribute_not_exists(redacted_at)';
/** Unless it was inferred from absence: then a snapshot lifts it. */
export const IS_INFERRED = 'attribute_exists(inferred) AND attribute_not_exists(redacted_at)';
const IS_NOBODY = 'attribute_not_exists(user_id)';
/** Nor has one whose time another program wrote as something else than text. */
const HAS_NO_TIME = 'NOT attribute_type(shopify_updated_at, :text)';
/** A text that is less than a second's is less in its own second's text; every other one is of that second or later. */
const IS_EARLIER = 'shopify_updated_at < :second';
/** A snapshot's digest is greater than every webhook's. */
const IS_LESS_IN_THE_SAME_SECOND =
  '(begins_with(shopify_updated_at, :second) AND source_digest < :source_digest)';
const WEBHOOK_WINS = `${NOT_DELETED} AND (${HAS_NO_TIME} OR ${IS_EARLIER} OR ${IS_LESS_IN_THE_SAME_SECOND})`;
const ID_ALONE_WINS = `${NOT_DELETED} AND ${IS_NOBODY}`;

const TOMBSTONE_DAYS = 90;

/** What a deletion's tombstone has of its own. */
export const TOMBSTONE_ATTRIBUTES = [
  'deleted_at',
  'expires_at',
  'inferred',
  'was_admin',
  'was_featured_author',
  'was_membership',
] as const;

/** Everything that Rollcall writes about a person, index keys included. Other attributes are other programs'. */
const PERSONAL = [
  'shop',
  'shopify_id',
  ...profileFields.filter(({ personal }) => personal).map(({ attribute }) => attribute),
  'created_at',
  'shopify_updated_at',
  'source_digest',
  'is_active',
  'is_admin',
  'is_featured_author',
  'membership_id',
  'membership',
];

/** Attribute values by name: undefined leaves an attribute alone, null removes it. */
type Attributes = Readonly<Record<string, string | boolean | null | undefined>>;

export function profileAttributes(context: UsersContext, { profile }: Customer): Attributes {
  const { state } = profile;
  const active = state !== null && state !== undefined && context.activeStates.has(state);
  return {
    ...Object.fromEntries(profileFields.map(({ name, attribute }) => [attribute, profile[name]])),
    // False is absent: a 'false' partition would hold nearly everybody.
    is_active: state === undefined ? undefined : active ? toScoped(context, 'true') : null,
  };
}

/**
 * One conditional update that applies a webhook's customer if it wins over the stored state. A message with only an id
 * creates a missing user and changes nothing else.
 */
export function saveCommand(context: UsersContext, userId: string, customer: Customer): UpdateCommandInput {
  const change = changeOf(customer);
  const attributes: Attributes = {
    shop: context.shop,
    shopify_id: customer.id,
    ...profileAttributes(context, customer),
    shopify_updated_at: change?.updatedAt,
    source_digest: change?.digest,
  };
  const written = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null);
  const removed = Object.entries(attributes).filter(([, value]) => value === null);
  const sets = written.map(([name]) => `${name} = :${name}`);
  if (customer.createdAt !== undefined) sets.push('created_at = if_not_exists(created_at, :created_at)');
  const remove = removed.length > 0 ? ` REMOVE ${removed.map(([name]) => name).join(', ')}` : '';
  return {
    TableName: context.table,
    Key: { user_id: userId },
    UpdateExpression: `SET ${sets.join(', ')}${remove} ADD revision :one`,
    ConditionExpression: change === undefined ? ID_ALONE_WINS : WEBHOOK_WINS,
    ExpressionAttributeValues: {
      ...Object.fromEntries(written.map(([name, value]) => [`:${name}`, value])),
      ...(change !== undefined && { ':text': 'S', ':second': toSecond(change.updatedAt) }),
      ...(customer.createdAt !== undefined && { ':created_at': customer.createdAt }),
      ':one': 1,
    },
    // Who was written over tells whether the change has moved the time; it costs nothing.
    ReturnValues: 'UPDATED_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/**
 * Makes a customer's item, existing or not, a tombstone that expires after 90 days. Fails its condition if it is one
 * already, so that the first deletion time is kept. The person's roles and membership are retained as `was_*`, `'false'`
 * if there were none: a later merge webhook may transfer them to another customer (users/tombstones.ts).
 */
export function tombstoneCommand(
  context: UsersContext,
  userId: string,
  now: Date,
): UpdateCommandInput & { ConditionExpression: string } {
  return {
    TableName: context.table,
    Key: { user_id: userId },
    UpdateExpression:
      'SET deleted_at = :now, expires_at = :expires, was_admin = if_not_exists(is_admin, :none),' +
      ' was_featured_author = if_not_exists(is_featured_author, :none),' +
      ` was_membership = if_not_exists(membership, :none) REMOVE ${PERSONAL.join(', ')} ADD revision :one`,
    ConditionExpression: NOT_DELETED,
    ExpressionAttributeValues: {
      ':none': 'false',
      ':now': now.toISOString(),
      ':expires': toExpiry(now, TOMBSTONE_DAYS),
      ':one': 1,
    },
  };
}

/**
 * The same for somebody whom Shopify does not have, as nobody has told: the tombstone is marked as inferred. Nobody may
 * have written since the item was read.
 */
export function absenceCommand(
  context: UsersContext,
  userId: string,
  revision: unknown,
  now: Date,
): UpdateCommandInput {
  const { ConditionExpression, UpdateExpression, ExpressionAttributeValues, ...rest } = tombstoneCommand(
    context,
    userId,
    now,
  );
  const unmoved = revision === undefined ? 'attribute_not_exists(revision)' : 'revision = :revision';
  return {
    ...rest,
    UpdateExpression: UpdateExpression?.replace('SET ', 'SET inferred = :inferred, '),
    ConditionExpression: `${ConditionExpression} AND attribute_exists(created_at) AND ${unmoved}`,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':inferred': true,
      ...(revision !== undefined && { ':revision': revision }),
    },
  };
}

/** Makes an inferred tombstone one for good, which absorbs for 90 days from now; what the person was stays kept. */
export function finalTombstoneCommand(context: UsersContext, userId: string, now: Date): UpdateCommandInput {
  return {
    TableName: context.table,
    Key: { user_id: userId },
    UpdateExpression: 'SET expires_at = :expires REMOVE inferred ADD revision :one',
    ConditionExpression: IS_INFERRED,
    ExpressionAttributeValues: { ':expires': toExpiry(now, TOMBSTONE_DAYS), ':one': 1 },
  };
}

/**
 * What is left of a person who is erased: no attribute of anybody's. It takes the place of the whole item, which the
 * tombstone before it has made refuse every other write.
 */
export function redactedItem(
  context: UsersContext,
  userId: string,
  revision: number,
  now: Date,
): PutCommandInput {
  return {
    TableName: context.table,
    Item: {
      user_id: userId,
      redacted_at: now.toISOString(),
      expires_at: toExpiry(now, TOMBSTONE_DAYS),
      revision,
    },
  };
}

export function getCommand(context: UsersContext, userId: string): GetCommandInput {
  return { TableName: context.table, Key: { user_id: userId } };
}

export function byShopifyIdQuery(context: UsersContext, shopifyId: string): QueryCommandInput {
  return {
    TableName: context.table,
    IndexName: 'shopify_id-index',
    KeyConditionExpression: 'shopify_id = :shopify_id',
    ExpressionAttributeValues: { ':shopify_id': shopifyId },
  };
}
