import { GraphQLError } from 'graphql';
import type { ShopCustomer } from '../shop/customer.ts';
import { APP_ID, toReserved } from '../shop/definitions.ts';
import { toGid } from '../webhooks/payloads.ts';
import type { Faults } from '../shop/faults.ts';
import type { Shop } from '../shop/shop.ts';
import type { Bulk } from './bulk.ts';
import type { Nodes } from './nodes.ts';
import { toApiTime } from '../shop/time.ts';
import { toConnection, type Asking, type PageArgs } from './paging.ts';
import { toFilter } from './search.ts';

export interface QueriesDeps {
  readonly shop: Shop;
  readonly bulk: Bulk;
  readonly nodes: Nodes;
  readonly faults: Pick<Faults, 'emptyLists' | 'stuckLists' | 'stuckCustomers'>;
  readonly app: { readonly clientId: string; readonly scope: string };
}

interface ListArgs extends PageArgs {
  readonly query?: string | null;
  readonly sortKey?: string | null;
}

/** The most entries of an array input (Shopify's page on limits). */
const MAX_INPUT = 250;

/** The root fields of queries. graphql-js has checked the arguments against the schema before they come here. */
export function createQueries({ shop, bulk, nodes, app, faults }: QueriesDeps) {
  const matching = (query: string | null | undefined) =>
    [...shop.customers.values()].filter(toFilter(query, shop.offset));

  /** Whose turn it is in a circle of two pages. */
  let isSecond = false;

  return {
    shop: nodes.shop,
    node: ({ id }: { id: string }) => nodes.find(id),
    nodes({ ids }: { ids: readonly string[] }) {
      if (ids.length > MAX_INPUT)
        throw new GraphQLError(
          `The input array size of ${ids.length} is greater than the maximum allowed of ${MAX_INPUT}.`,
          { extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } },
        );
      return ids.map((id) => nodes.find(id));
    },
    customer: ({ id }: { id: string }) => (isOf('Customer', id) ? nodes.find(id) : null),
    customers(args: ListArgs, asking: Asking) {
      const rows = matching(args.query).map((one) => ({
        id: one.id,
        value: toSortValue(one, args.sortKey),
        thing: one,
      }));
      const { stuckCustomers } = faults;
      if (stuckCustomers === undefined || asking.inBulk)
        return toConnection(rows, args, asking, nodes.customer);
      const first = toConnection(rows, { ...args, after: null }, asking, nodes.customer);
      isSecond = stuckCustomers === 'circle' && !isSecond;
      const { endCursor } = first.pageInfo;
      const page = isSecond
        ? first
        : toConnection(rows, { ...args, after: endCursor }, asking, nodes.customer);
      const stuck = stuckCustomers === 'circle' ? page : first;
      const cursor = stuckCustomers === 'none' ? null : stuck.pageInfo.endCursor;
      return { ...stuck, pageInfo: { ...stuck.pageInfo, hasNextPage: true, endCursor: cursor } };
    },
    customersCount({ query, limit }: { query?: string | null; limit?: number | null }) {
      const count = matching(query).length;
      return typeof limit === 'number' && count > limit
        ? { count: limit, precision: 'AT_LEAST' }
        : { count, precision: 'EXACT' };
    },
    metaobject: ({ id }: { id: string }) => (isOf('Metaobject', id) ? nodes.find(id) : null),
    metaobjectByHandle({ handle }: { handle: { type: string; handle: string } }) {
      const found = shop.metaobjects.byHandle(toReserved(handle.type), handle.handle);
      return found === undefined ? null : nodes.metaobject(found);
    },
    metaobjects(args: ListArgs & { readonly type: string }, asking: Asking) {
      if (typeof args.query === 'string')
        throw new GraphQLError('The simulated shop cannot search metaobjects');
      const rows = [...shop.metaobjects.all.values()]
        .filter(({ type }) => type === toReserved(args.type))
        .map((one) => ({
          id: one.id,
          value: args.sortKey === 'updated_at' ? toApiTime(one.updatedAt) : '',
          thing: one,
        }));
      if (faults.stuckLists) {
        const page = toConnection(rows, { ...args, after: null }, asking, nodes.metaobject);
        return { ...page, pageInfo: { ...page.pageInfo, hasNextPage: true } };
      }
      if (faults.emptyLists === 0) return toConnection(rows, args, asking, nodes.metaobject);
      faults.emptyLists -= 1;
      return toConnection([], args, asking, nodes.metaobject);
    },
    bulkOperation: ({ id }: { id: string }) => bulk.operations.get(id)?.poll() ?? null,
    bulkOperations(args: ListArgs, asking: Asking) {
      const rows = [...bulk.operations.values()].map((one) => ({
        id: one.gid.replace(/\D/g, ''),
        value: toApiTime(one.createdAt),
        thing: one,
      }));
      return toConnection(rows, args, asking, (one) => one.poll());
    },
    currentAppInstallation: () => ({
      id: toGid('AppInstallation', '1'),
      accessScopes: app.scope
        .split(',')
        .flatMap((scope) => (scope.startsWith('write_') ? [scope.replace('write_', 'read_'), scope] : scope))
        .map((handle) => ({ handle, description: handle })),
      app: { id: toGid('App', APP_ID), apiKey: app.clientId, title: 'Rollcall', embedded: true },
      launchUrl: `https://${shop.domain}/admin/apps/${app.clientId}`,
    }),
  };
}

function toSortValue(customer: ShopCustomer, sortKey: string | null | undefined): string {
  if (sortKey === 'UPDATED_AT') return toApiTime(customer.updatedAt);
  if (sortKey === 'CREATED_AT') return toApiTime(customer.createdAt);
  if (sortKey === 'NAME') return `${customer.lastName ?? ''}, ${customer.firstName ?? ''}`;
  return '';
}

function isOf(type: string, gid: string): boolean {
  return gid.startsWith(`gid://shopify/${type}/`);
}
