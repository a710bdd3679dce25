import type { GraphQLResolveInfo } from 'graphql';
import { toReserved } from '../shop/definitions.ts';
import type { Shop } from '../shop/shop.ts';
import type { Asking } from './paging.ts';
import type { Faults } from '../shop/faults.ts';
import type { Bulk } from './bulk.ts';
import { setMetafields, type MetafieldsSetInput } from './metafields-set.ts';
import { upsertMetaobject, type MetaobjectUpsertArgs } from './metaobject-upsert.ts';
import type { Nodes } from './nodes.ts';

interface TagsArgs {
  readonly id: string;
  readonly tags: readonly string[];
}

interface MetafieldIdentifier {
  readonly ownerId: string;
  readonly namespace: string;
  readonly key: string;
}

/** The root fields of mutations. The shop's subscribers get the webhooks of the changes. */
export function createMutations({
  shop,
  bulk,
  nodes,
  counts,
  faults,
}: {
  shop: Shop;
  bulk: Bulk;
  nodes: Nodes;
  counts: { metafieldsSet: number };
  faults: Pick<Faults, 'metafieldsErrors'>;
}) {
  function changeTags({ id, tags }: TagsArgs, change: (id: string, tags: readonly string[]) => unknown) {
    const customerId = id.replace('gid://shopify/Customer/', '');
    if (!shop.customers.has(customerId))
      return { node: null, userErrors: [{ field: ['id'], message: 'Resource not found' }] };
    change(customerId, tags);
    return { node: nodes.find(id), userErrors: [] };
  }

  return {
    bulkOperationRunQuery: ({ query }: { query: string }, _asking: Asking, info: GraphQLResolveInfo) =>
      bulk.run(query, info),
    bulkOperationCancel({ id }: { id: string }) {
      const operation = bulk.operations.get(id);
      if (operation === undefined)
        return {
          bulkOperation: null,
          userErrors: [{ field: ['id'], message: 'Bulk operation does not exist' }],
        };
      operation.cancel();
      return { bulkOperation: operation.view(), userErrors: [] };
    },
    tagsAdd: (args: TagsArgs) => changeTags(args, (id, tags) => shop.addTags(id, tags)),
    tagsRemove: (args: TagsArgs) => changeTags(args, (id, tags) => shop.removeTags(id, tags)),
    metafieldsSet({ metafields }: { metafields: readonly MetafieldsSetInput[] }) {
      counts.metafieldsSet += 1;
      const refusal = faults.metafieldsErrors.shift();
      if (refusal !== undefined)
        return { metafields: null, userErrors: [{ ...refusal, field: ['metafields'], elementIndex: null }] };
      return setMetafields({ shop, nodes }, metafields);
    },
    metafieldsDelete({ metafields }: { metafields: readonly MetafieldIdentifier[] }) {
      const deletedMetafields = metafields.map((one) => {
        const key = { ...one, namespace: toReserved(one.namespace) };
        if (shop.metafields.find(key) === undefined) return null;
        shop.removeMetafield(key);
        return key;
      });
      return { deletedMetafields, userErrors: [] };
    },
    metaobjectUpsert: (args: MetaobjectUpsertArgs) => upsertMetaobject({ shop, nodes }, args),
  };
}
