import assert from 'node:assert/strict';
import { toReserved } from '../../simulator/shop/definitions.ts';
import type { Message, Shop } from '../../simulator/shop/shop.ts';
import { eventually } from './eventually.ts';
import { SHOP, type TestRollcall } from './rollcall.ts';
import { createCustomer, setFlag, setPlan } from './merchant.ts';

interface Was {
  readonly admin?: boolean;
  readonly author?: boolean;
  readonly plan?: string;
  readonly tags?: readonly string[];
}

/** A shop whose webhooks wait until a test delivers them, as often and in the order that it likes. */
export interface MergingShop {
  readonly shop: Shop;
  /** The webhooks that wait, oldest first; they wait no longer. */
  take(): Message[];
  deliver(messages: readonly Message[]): Promise<void>;
  /** A customer of the shop whom the program has not heard of. */
  stranger(was?: Was): string;
  /** The same, known with all that the metafields and tags say. */
  person(was?: Was): Promise<string>;
  /** Merges customers at Shopify; resolves to the webhooks of that. */
  merge(keptId: string, deletedId: string, options?: { copies?: boolean }): Message[];
  /** Waits until a tombstone holds nothing any more but whom the customer was merged into. */
  settled(id: string, keptId: string): Promise<void>;
  /** What stands in a customer's metafield; undefined: it is not set. */
  metafield(id: string, key: string): string | undefined;
}

export function useMergingShop(program: TestRollcall): MergingShop {
  const { shop } = program.shops.shop(SHOP);
  const waiting: Message[] = [];
  shop.subscribe((message) => void waiting.push(message));
  const take = () => waiting.splice(0);

  async function deliver(messages: readonly Message[]): Promise<void> {
    for (const message of messages) assert.equal(await program.post(message), 200);
  }

  function stranger({ admin, author, plan, tags = [] }: Was = {}): string {
    const id = createCustomer(shop, { tags });
    if (admin !== undefined) setFlag(shop, id, 'is_admin', admin);
    if (author !== undefined) setFlag(shop, id, 'is_featured_author', author);
    if (plan !== undefined) setPlan(shop, id, plan);
    return id;
  }

  return {
    shop,
    take,
    deliver,
    stranger,
    async person(was = {}) {
      take();
      const id = stranger(was);
      await deliver(take());
      await eventually(async () => {
        const item = await program.item(`${SHOP}#${id}`);
        const isMember = was.plan !== undefined || was.tags?.some((tag) => tag.startsWith('member:'));
        assert.deepEqual(
          ['is_featured_author', 'is_admin', 'membership'].map((name) => item !== undefined && name in item),
          [was.author ?? was.tags?.includes('author') ?? false, was.admin ?? false, isMember ?? false],
        );
      });
      return id;
    },
    merge(keptId, deletedId, options) {
      take();
      shop.merge(keptId, deletedId, options);
      return take();
    },
    settled: (id, keptId) =>
      eventually(async () => {
        const item = await program.item(`${SHOP}#${id}`);
        const names = ['deleted_at', 'expires_at', 'merged_into', 'revision', 'user_id'];
        assert.deepEqual(Object.keys(item ?? {}).toSorted(), names);
        assert.equal(item?.['merged_into'], keptId);
      }),
    metafield: (id, key) =>
      shop.metafields.find({ ownerId: `gid://shopify/Customer/${id}`, namespace: toReserved('$app'), key })
        ?.value,
  };
}
