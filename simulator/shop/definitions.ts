/** The types of an app's own metafields and metaobjects, as its configuration declares them. */
export interface Definitions {
  /** The types of customer metafields by key. */
  readonly metafields: Readonly<Record<string, string>>;
  /** The field types of metaobjects, by type without `$app:`. */
  readonly metaobjects: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const DEFINITIONS: Definitions = {
  metafields: { is_admin: 'boolean', is_featured_author: 'boolean', membership_plan: 'metaobject_reference' },
  metaobjects: {
    membership_plan: {
      name: 'single_line_text_field',
      tier: 'number_integer',
      price: 'number_decimal',
      currency: 'single_line_text_field',
      interval: 'single_line_text_field',
      benefits: 'list.single_line_text_field',
    },
  },
};

export const APP_ID = '12345';
const RESERVED = `app--${APP_ID}`;

/** Expands an app's reserved namespace or type: `$app` (or nothing) is `app--12345`, `$app:x` is `app--12345--x`. */
export function toReserved(name: string | null | undefined): string {
  if (name === null || name === undefined) return RESERVED;
  return name.replace(/^\$app(?::|$)/, (start) => (start.endsWith(':') ? `${RESERVED}--` : RESERVED));
}

/** The declared type of a customer's metafield. */
export function metafieldType(
  { metafields }: Definitions,
  namespace: string,
  key: string,
): string | undefined {
  return namespace === RESERVED ? metafields[key] : undefined;
}

/** The declared types of a metaobject's fields. */
export function metaobjectFields(
  { metaobjects }: Definitions,
  type: string,
): Readonly<Record<string, string>> | undefined {
  return metaobjects[type.replace(`${RESERVED}--`, '')];
}

/** A value as `jsonValue`; decimals stay text, as at Shopify. */
export function toJsonValue(type: string, value: string): unknown {
  const isJson = /^(?:list\.|(?:boolean|number_integer|json|money|rating)$)/.test(type);
  return isJson ? JSON.parse(value) : value;
}

/** Whether Shopify accepts the text as a value of the type. References are checked by the shop. */
export function isValue(type: string, value: string): boolean {
  if (type === 'boolean') return value === 'true' || value === 'false';
  if (type === 'number_integer') return /^-?\d+$/.test(value);
  if (type === 'number_decimal') return /^-?\d+(?:\.\d+)?$/.test(value);
  if (type.startsWith('list.')) return value.startsWith('[') && value.endsWith(']');
  return value !== '';
}
