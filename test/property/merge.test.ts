import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventually } from '../support/eventually.ts';
import { useMergingShop, type MergingShop } from '../support/merges.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { openPage, savePlan } from '../support/merchant.ts';

let merging: MergingShop;
const running = useRollcall({}, async (program) => {
  await openPage(program);
  merging = useMergingShop(program);
  savePlan(merging.shop, 'gold', { name: 'Gold', tier: '1' });
});

test('any order of what a merge brings, all of it twice, ends with the kept customer alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 }),
      fc.boolean(),
      async (order, copies) => {
        const gone = await merging.person({ author: true, plan: 'gold' });
        const kept = merging.stranger();
        const { shop } = merging;
        const told = [shop.update(gone, { firstName: 'Late' }), shop.update(kept, { firstName: 'Kept' })];
        told.push(...merging.merge(kept, gone, { copies }), {
          topic: 'customers/delete',
          body: `{"id":${gone}}`,
        });
        await merging.deliver(order.flatMap((n) => told[n] ?? []));
        await eventually(async () => {
          const item = await running().item(`${SHOP}#${kept}`);
          assert.deepEqual(
            [item?.['first_name'], item?.['is_featured_author'], item?.['membership_id']],
            ['Kept', `${SHOP}#true`, `${SHOP}#gold`],
          );
        });
        await merging.settled(gone, kept);
      },
    ),
    { numRuns: 12 },
  );
});
