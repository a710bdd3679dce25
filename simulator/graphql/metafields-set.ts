import { isValue, metafieldType, toReserved } from '../shop/definitions.ts';
import { toDigest, type MetafieldInput } from '../shop/metafields.ts';
import type { Shop } from '../shop/shop.ts';
import type { Nodes } from './nodes.ts';

export interface MetafieldsSetInput {
  readonly ownerId: string;
  readonly namespace?: string | null;
  readonly key: string;
  readonly type?: string | null;
  readonly value: string;
  /** Null: only if the metafield is not set. Absent: unconditionally. */
  readonly compareDigest?: string | null;
}

const MAX_METAFIELDS = 25;

interface Refusal {
  readonly code: string;
  readonly field: readonly string[];
  readonly message: string;
}

/** Resolver of metafieldsSet: sets all or none. */
export function setMetafields(
  { shop, nodes }: { shop: Shop; nodes: Nodes },
  inputs: readonly MetafieldsSetInput[],
) {
  if (inputs.length > MAX_METAFIELDS) {
    const message = `Exceeded the maximum metafields input limit of ${MAX_METAFIELDS}.`;
    return {
      metafields: null,
      userErrors: [{ code: 'LESS_THAN_OR_EQUAL_TO', field: ['metafields'], message }],
    };
  }
  const wanted = inputs.map((input) => toWanted(shop, input));
  const userErrors = wanted.flatMap((one, elementIndex) => {
    const refusal = refuse(shop, one);
    if (refusal === undefined) return [];
    const field = ['metafields', String(elementIndex), ...refusal.field];
    return [{ ...refusal, field, elementIndex }];
  });
  if (userErrors.length > 0) return { metafields: null, userErrors };
  const metafields = wanted.flatMap((one) => {
    shop.saveMetafield(one.metafield);
    const saved = shop.metafields.find(one.metafield);
    return saved === undefined ? [] : [nodes.metafield(saved)];
  });
  return { metafields, userErrors };
}

interface Wanted {
  readonly metafield: MetafieldInput;
  readonly declared: string | undefined;
  readonly digest: string | null | undefined;
}

function toWanted(shop: Shop, { compareDigest, ...input }: MetafieldsSetInput): Wanted {
  const namespace = toReserved(input.namespace);
  const declared = metafieldType(shop.definitions, namespace, input.key);
  const metafield = { ...input, namespace, type: input.type ?? declared ?? '' };
  return { metafield, declared, digest: compareDigest };
}

function refuse(shop: Shop, { metafield, declared, digest }: Wanted): Refusal | undefined {
  const { ownerId, type, value } = metafield;
  if (!shop.customers.has(ownerId.replace('gid://shopify/Customer/', '')))
    return { code: 'INVALID', field: ['ownerId'], message: 'Owner does not exist.' };
  if (type === '') return { code: 'BLANK', field: ['type'], message: "Type can't be blank" };
  if (declared !== undefined && type !== declared)
    return { code: 'INVALID_TYPE', field: ['type'], message: `Type must be ${declared}` };
  if (!isTaken(shop, type, value))
    return { code: 'INVALID_VALUE', field: ['value'], message: `Value is no ${type}` };
  if (digest === undefined) return undefined;
  if (digest !== null && !/^[0-9a-f]{64}$/.test(digest))
    return {
      code: 'INVALID_COMPARE_DIGEST',
      field: ['compareDigest'],
      message: 'The compareDigest is invalid.',
    };
  const stood = shop.metafields.find(metafield);
  if ((stood === undefined ? null : toDigest(stood.value)) === digest) return undefined;
  const message =
    'The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.';
  return { code: 'STALE_OBJECT', field: ['compareDigest'], message };
}

function isTaken(shop: Shop, type: string, value: string): boolean {
  return type === 'metaobject_reference'
    ? shop.metaobjects.all.has(value.replace('gid://shopify/Metaobject/', ''))
    : isValue(type, value);
}
