import type { ShopCustomer } from '../shop/customer.ts';
import { metaobjectFields, toJsonValue, toReserved } from '../shop/definitions.ts';
import { toDigest, type Metafield } from '../shop/metafields.ts';
import type { Metaobject } from '../shop/metaobjects.ts';
import { SHOP_ID, toGid } from '../webhooks/payloads.ts';
import type { Shop } from '../shop/shop.ts';
import { toApiTime } from '../shop/time.ts';
import type { BulkOperation } from './bulk-operation.ts';
import { toConnection, type Asking, type PageArgs } from './paging.ts';

interface MetafieldArgs {
  readonly namespace?: string | null;
  readonly key: string;
}

interface MetafieldsArgs extends PageArgs {
  readonly namespace?: string | null;
  readonly keys?: readonly string[] | null;
}

/**
 * The shop's objects for graphql-js: fields with arguments or of object types are functions. A field that is not simulated
 * is absent: null if the schema allows it, otherwise an error.
 */
export function createNodes(shop: Shop, operations: ReadonlyMap<string, BulkOperation>) {
  const customer = (one: ShopCustomer) => {
    const id = toGid('Customer', one.id);
    const name = [one.firstName, one.lastName].filter((part) => part !== null).join(' ');
    return {
      __typename: 'Customer',
      id,
      legacyResourceId: one.id,
      firstName: one.firstName,
      lastName: one.lastName,
      displayName: name === '' ? (one.email ?? '') : name,
      email: one.email,
      defaultEmailAddress:
        one.email === null
          ? null
          : { emailAddress: one.email, validFormat: true, marketingState: 'NOT_SUBSCRIBED' },
      addresses: [],
      state: one.state.toUpperCase(),
      tags: one.tags.toSorted(),
      verifiedEmail: one.verifiedEmail,
      note: null,
      taxExempt: false,
      numberOfOrders: '0',
      createdAt: toApiTime(one.createdAt),
      updatedAt: toApiTime(one.updatedAt),
      metafield({ namespace, key }: MetafieldArgs) {
        const found = shop.metafields.find({ ownerId: id, namespace: toReserved(namespace), key });
        return found === undefined ? null : metafield(found);
      },
      metafields(args: MetafieldsArgs, asking: Asking) {
        const rows = shop.metafields
          .of(id)
          .filter((row) => typeof args.namespace !== 'string' || row.namespace === toReserved(args.namespace))
          .filter((row) => !Array.isArray(args.keys) || args.keys.includes(row.key))
          .map((row) => ({ id: row.id, value: '', thing: row }));
        return toConnection(rows, args, asking, metafield);
      },
    };
  };

  const metafield = (one: Metafield) => ({
    __typename: 'Metafield',
    id: toGid('Metafield', one.id),
    legacyResourceId: one.id,
    namespace: one.namespace,
    key: one.key,
    type: one.type,
    value: one.value,
    jsonValue: toJsonValue(one.type, one.value),
    compareDigest: toDigest(one.value),
    ownerType: 'CUSTOMER',
    sizeInBytes: Buffer.byteLength(one.value),
    createdAt: toApiTime(one.createdAt),
    updatedAt: toApiTime(one.updatedAt),
    owner: () => find(one.ownerId),
    reference: () => (one.type.endsWith('_reference') ? find(one.value) : null),
  });

  const metaobject = (one: Metaobject) => {
    // A declared field without a value is present with null.
    const fields = Object.entries(metaobjectFields(shop.definitions, one.type) ?? {}).map(([key, type]) => {
      const value = one.fields[key] ?? null;
      return { key, type, value, jsonValue: value === null ? null : toJsonValue(type, value) };
    });
    return {
      __typename: 'Metaobject',
      id: toGid('Metaobject', one.id),
      type: one.type,
      handle: one.handle,
      displayName: one.fields.name ?? one.handle,
      createdAt: toApiTime(one.createdAt),
      updatedAt: toApiTime(one.updatedAt),
      fields,
      values: Object.fromEntries(fields.map(({ key, jsonValue }) => [key, jsonValue])),
      field: ({ key }: { key: string }) => fields.find((field) => field.key === key) ?? null,
    };
  };

  const theShop = () => ({
    __typename: 'Shop',
    id: toGid('Shop', SHOP_ID),
    name: shop.domain.split('.')[0],
    email: 'super@supertoys.com',
    contactEmail: 'super@supertoys.com',
    myshopifyDomain: shop.domain,
    url: `https://${shop.domain}`,
    ianaTimezone: 'Etc/UTC',
    timezoneOffsetMinutes: shop.offset,
    plan: { publicDisplayName: 'Basic', partnerDevelopment: false, shopifyPlus: false },
  });

  /** Null for a missing object or another shop's, as in `node` and `nodes`. */
  function find(gid: string) {
    const [, type, id = ''] = /^gid:\/\/shopify\/(\w+)\/(\w+)$/.exec(gid) ?? [];
    const found = type === 'Customer' ? shop.customers.get(id) : undefined;
    if (found !== undefined) return customer(found);
    const object = type === 'Metaobject' ? shop.metaobjects.all.get(id) : undefined;
    if (object !== undefined) return metaobject(object);
    if (type === 'BulkOperation') return operations.get(gid)?.poll() ?? null;
    return type === 'Shop' && id === SHOP_ID ? theShop() : null;
  }

  return { customer, metafield, metaobject, shop: theShop, find };
}

export type Nodes = ReturnType<typeof createNodes>;
