import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { fromScoped, toScoped, type Scope } from './item.ts';

type Item = Readonly<Record<string, unknown>>;

/** The form that a shop's index keys get: literal for a deployment for one shop, scoped for many. */
export interface Rescoping {
  readonly shop: string;
  readonly to: 'many' | 'one';
}

export const FLAGS = ['is_active', 'is_admin', 'is_featured_author'] as const;
export const SCOPED = [...FLAGS, 'membership_id'] as const;

/** The form before the rescope. */
export const scopeBefore = ({ shop, to }: Rescoping): Scope => ({ shop, oneShop: to === 'many' });
const scopeAfter = ({ shop, to }: Rescoping): Scope => ({ shop, oneShop: to === 'one' });

const carriesShop = (value: unknown) => typeof value === 'string' && /^[^#]+\.myshopify\.com#/.test(value);

/** The value without this shop's scope; undefined for another shop's value and for anything but text. */
export function toLiteral({ shop }: Rescoping, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return fromScoped({ shop, oneShop: false }, value) ?? (carriesShop(value) ? undefined : value);
}

/** Whether the row is this shop's: by `shop`, or by its values if it has no `shop`. */
function isOurs(rescoping: Rescoping, item: Item): boolean {
  if (item['deleted_at'] !== undefined || item['redacted_at'] !== undefined) return false;
  if (item['shop'] !== undefined) return item['shop'] === rescoping.shop;
  const values = SCOPED.map((name) => item[name]).filter((value) => value !== undefined);
  if (values.some((value) => carriesShop(value) && toLiteral(rescoping, value) === undefined)) return false;
  // With `to: 'one'`, a row without `shop` and with literal values is already correct.
  return values.some((value) => rescoping.to === 'many' || carriesShop(value));
}

/** An attribute's new value; null removes it, undefined leaves it alone. */
function toValue(rescoping: Rescoping, name: (typeof SCOPED)[number], value: unknown) {
  const literal = toLiteral(rescoping, value);
  if (literal === undefined) return undefined;
  if (name !== 'membership_id' && literal === 'false') return null;
  if (name !== 'membership_id' && literal !== 'true') return undefined;
  const after = toScoped(scopeAfter(rescoping), literal);
  return after === value ? undefined : after;
}

/**
 * One update of all values of a row that must change, on the condition that they are as read; a row without `shop` gets
 * it. Undefined if the row is another shop's, a tombstone, or already correct.
 */
export function rescopeCommand(
  rescoping: Rescoping,
  table: string,
  item: Item,
): UpdateCommandInput | undefined {
  if (!isOurs(rescoping, item)) return undefined;
  const sets: string[] = [];
  const removes: string[] = [];
  const conditions = ['attribute_not_exists(deleted_at)', 'attribute_not_exists(redacted_at)'];
  const values: Record<string, unknown> = { ':one': 1, ':shop': rescoping.shop };
  for (const name of SCOPED) {
    const value = toValue(rescoping, name, item[name]);
    if (value === undefined) continue;
    conditions.push(`${name} = :old_${name}`);
    values[`:old_${name}`] = item[name];
    if (value === null) removes.push(name);
    else {
      sets.push(`${name} = :${name}`);
      values[`:${name}`] = value;
    }
  }
  const isNew = item['shop'] === undefined;
  if (isNew) sets.push('shop = :shop');
  if (sets.length + removes.length === 0) return undefined;
  conditions.push(isNew ? 'attribute_not_exists(shop)' : 'shop = :shop');
  return {
    TableName: table,
    Key: { user_id: item['user_id'] },
    UpdateExpression: [
      sets.length > 0 ? `SET ${sets.join(', ')}` : '',
      removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
      'ADD revision :one',
    ]
      .join(' ')
      .trim(),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeValues: values,
  };
}
