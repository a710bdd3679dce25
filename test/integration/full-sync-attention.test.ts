import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFullSync, untilIdle } from '../support/full-sync.ts';
import { runJob } from '../support/jobs.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { createCustomer, openPage, savePlan, setPlan } from '../support/merchant.ts';

// Nothing is delivered here: what is noted, a full sync has noted.
const running = useRollcall(
  { MEMBERSHIP_TAG_PREFIX: 'member:', SYNC_WRITE_UNITS_PER_SECOND: '100000' },
  async (program) => {
    await openPage(program);
    for (const handle of ['gold', 'silver']) savePlan(shop(program), handle, { tier: '1' });
    await untilIdle(program);
    await runJob(program, 'plans');
  },
);
const shop = ({ shops } = running()) => shops.shop(SHOP).shop;
const notes = async () =>
  new Map(
    (await running().rollcall.ledger.attention.list(SHOP, 1000)).map(({ shopifyId, codes }) => [
      shopifyId,
      codes,
    ]),
  );

/** Two whose tags need attention. */
const aPair = () => ({
  several: createCustomer(shop(), { tags: ['member:gold', 'member:silver'] }),
  unknown: createCustomer(shop(), { tags: ['member:lead'] }),
});

test('a full sync notes whose membership needs attention, and nobody else', async () => {
  const { several, unknown } = aPair();
  const gone = createCustomer(shop());
  // It comes and goes between two readings of the plans.
  savePlan(shop(), 'brief', { tier: '1' });
  setPlan(shop(), gone, 'brief');
  const plan = shop().metaobjects.byHandle('app--12345--membership_plan', 'brief');
  shop().removeMetaobject(plan?.id ?? '');
  createCustomer(shop(), { tags: ['member:gold'] });
  const { complete, written, requests } = await runFullSync(running());
  assert.deepEqual([complete, written], [true, 4]);
  const expected = [
    [several, ['several_plans']],
    [unknown, ['unknown_plan']],
    [gone, ['plan_gone']],
  ] as const;
  assert.deepEqual(await notes(), new Map<string, readonly string[]>(expected));
  const again = await runFullSync(running());
  assert.deepEqual(
    [again.unchanged, again.requests],
    [4, requests],
    'a recorded issue is not refreshed again',
  );
});

test('a full sync takes a note away if its reason is gone, whether the line changes the user or not', async () => {
  const { several, unknown } = aPair();
  await runFullSync(running());
  const { size } = await notes();
  assert.ok((await notes()).has(several));
  shop().update(unknown, { tags: [] });
  // The highest plan stays, and so does the time of the last change: the item is what the line says.
  shop().removeTags(several, ['member:silver']);
  assert.equal((await runFullSync(running())).complete, true);
  const noted = await notes();
  assert.deepEqual([noted.has(several), noted.has(unknown), noted.size], [false, false, size - 2]);
});
