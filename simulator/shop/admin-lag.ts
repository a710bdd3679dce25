import { toGid } from '../webhooks/payloads.ts';
import type { Metafields } from './metafields.ts';
import type { Shop } from './shop.ts';

type Readable = Pick<Shop, 'customers' | 'metafields' | 'metaobjects'>;

/** What the Admin API answers from, which may be behind what stands. */
export interface AdminLag {
  readonly view: Shop;
  /** From now on the Admin API answers what stands now, whatever changes. */
  begin(): void;
  end(): void;
}

function toMetafields({ customers, metafields }: Shop): Readable['metafields'] {
  const owners = new Map(
    [...customers.keys()].map((id) => [toGid('Customer', id), metafields.of(toGid('Customer', id))]),
  );
  const of: Metafields['of'] = (ownerId) => owners.get(ownerId) ?? [];
  return {
    of,
    find: ({ ownerId, namespace, key }) =>
      of(ownerId).find((one) => one.namespace === namespace && one.key === key),
  };
}

function toMetaobjects({ metaobjects }: Shop): Readable['metaobjects'] {
  const all = new Map(metaobjects.all);
  return {
    all,
    byHandle: (type, handle) => [...all.values()].find((one) => one.type === type && one.handle === handle),
  };
}

export function createAdminLag(shop: Shop): AdminLag {
  let before: Readable | undefined;
  return {
    view: {
      ...shop,
      get customers() {
        return (before ?? shop).customers;
      },
      get metafields() {
        return (before ?? shop).metafields;
      },
      get metaobjects() {
        return (before ?? shop).metaobjects;
      },
    },
    begin() {
      before = {
        customers: new Map(shop.customers),
        metafields: toMetafields(shop),
        metaobjects: toMetaobjects(shop),
      };
    },
    end() {
      before = undefined;
    },
  };
}
