import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { openPage } from '../support/merchant.ts';
import { useMergingShop, type MergingShop } from '../support/merges.ts';
import { runJob } from '../support/jobs.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

// A file of its own: a shop without a token is not asked for snapshots for ten seconds.
let merging: MergingShop;
const running = useRollcall({}, async (program) => {
  await openPage(program);
  merging = useMergingShop(program);
});

test('a merge without a token counts, and the flags move once there is one', async () => {
  const gone = await merging.person({ author: true });
  const kept = await merging.person();
  running().shops.shop(SHOP).tokens.revokeAll();
  await merging.deliver(merging.merge(kept, gone));
  await runJob(running(), 'merges');
  assert.ok((await running().item(`${SHOP}#${gone}`))?.['was_featured_author'] !== undefined);
  assert.equal(merging.metafield(kept, 'is_featured_author'), undefined);
  await openPage(running());
  await runJob(running(), 'merges');
  await merging.settled(gone, kept);
  await eventually(async () =>
    assert.equal(
      (await running().rollcall.usersOf(SHOP).getById(`${SHOP}#${kept}`))?.is_featured_author,
      true,
    ),
  );
});
