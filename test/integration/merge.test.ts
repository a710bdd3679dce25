import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { as } from '../support/api.ts';
import type { Message } from '../../simulator/shop/shop.ts';
import { aCustomerUpdate, aFixture } from '../support/customer-update.ts';
import { eventually } from '../support/eventually.ts';
import { useMergingShop, type MergingShop } from '../support/merges.ts';
import { runJob } from '../support/jobs.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';
import { openPage, savePlan, setFlag } from '../support/merchant.ts';

let merging: MergingShop;
const running = useRollcall(
  { MEMBERSHIP_TAG_PREFIX: 'member:', FEATURED_AUTHOR_TAG: 'author' },
  async (program) => {
    await openPage(program);
    merging = useMergingShop(program);
    for (const handle of ['gold', 'silver']) savePlan(merging.shop, handle, { name: handle, tier: '1' });
    await runJob(program, 'plans');
  },
);

const itemOf = (id: string) => running().item(`${SHOP}#${id}`);
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`);
const deletionOf = (id: string): Message => ({ topic: 'customers/delete', body: `{"id":${id}}` });
const codesOf = async (id: string) =>
  (await running().rollcall.ledger.attention.list(SHOP, 1000))
    .filter(({ shopifyId }) => shopifyId === id)
    .flatMap(({ codes }) => codes);

async function is(id: string, author: boolean, planId: string | null): Promise<void> {
  await eventually(async () => {
    const user = await userOf(id);
    assert.deepEqual([user?.is_featured_author, user?.membership_id], [author, planId]);
  });
}

test('the kept customer gets what it lacks, at Shopify and here', async () => {
  const gone = await merging.person({ author: true, plan: 'gold' });
  const kept = await merging.person();
  await merging.deliver(merging.merge(kept, gone));
  await merging.settled(gone, kept);
  await is(kept, true, 'gold');
  assert.equal(merging.metafield(kept, 'is_featured_author'), 'true');
  assert.equal(await userOf(gone), undefined);
});

test('what the kept customer has of its own stays, also a flag that is false', async () => {
  const gone = await merging.person({ author: true, plan: 'gold' });
  const kept = await merging.person({ author: false, plan: 'silver' });
  await merging.deliver(merging.merge(kept, gone));
  await merging.settled(gone, kept);
  await is(kept, false, 'silver');
  assert.equal(merging.metafield(kept, 'is_featured_author'), 'false');
});

test('where Shopify has copied the metafields itself, nothing is written, and an admin is still asked about', async () => {
  const gone = await merging.person({ admin: true, author: true, plan: 'gold' });
  const kept = merging.stranger();
  const { counts } = running().shops.shop(SHOP);
  const before = counts.metafieldsSet;
  await merging.deliver(merging.merge(kept, gone, { copies: true }));
  await merging.settled(gone, kept);
  await is(kept, true, 'gold');
  assert.equal(counts.metafieldsSet, before);
  assert.deepEqual(await codesOf(kept), ['admin_merged_away']);
});

test('what came from tags moves with the tags, and becomes no metafield', async () => {
  const gone = await merging.person({ tags: ['author', 'member:gold'] });
  const kept = await merging.person();
  await merging.deliver(merging.merge(kept, gone));
  await merging.settled(gone, kept);
  await is(kept, true, 'gold');
  for (const key of ['is_featured_author', 'membership_plan'])
    assert.equal(merging.metafield(kept, key), undefined, key);
});

describe('in any order', () => {
  const orders: Record<string, (merge: Message, deletion: Message) => Message[]> = {
    'the deletion before the merge': (merge, deletion) => [deletion, merge],
    'the merge before the deletion': (merge, deletion) => [merge, deletion],
    'both twice': (merge, deletion) => [deletion, merge, merge, deletion],
  };
  for (const [name, arrange] of Object.entries(orders))
    test(`${name}, of a customer who is known into one never seen`, async () => {
      const gone = await merging.person({ author: true, plan: 'gold' });
      const kept = merging.stranger();
      const [merge = deletionOf('')] = merging.merge(kept, gone);
      await merging.deliver(arrange(merge, deletionOf(gone)));
      await merging.settled(gone, kept);
      await is(kept, true, 'gold');
    });

  for (const reversed of [false, true])
    test(`of two merges in a row, the ${reversed ? 'second' : 'first'} one told first`, async () => {
      const one = await merging.person({ author: true });
      const two = await merging.person({ plan: 'silver' });
      const three = await merging.person();
      const told = [...merging.merge(two, one), ...merging.merge(three, two)];
      await merging.deliver(reversed ? told.toReversed() : told);
      // The first one told may have to wait for the second, which the next run of the job finds.
      await runJob(running(), 'merges');
      await merging.settled(two, three);
      await merging.settled(one, two);
      await is(three, true, 'silver');
    });

  test('of a customer never seen nothing moves, and nobody becomes anything', async () => {
    const [kept, gone] = [merging.stranger(), merging.stranger()];
    await merging.deliver(merging.merge(kept, gone));
    await merging.settled(gone, kept);
    await is(kept, false, null);
  });
});

test('a merge that comes again hours later moves nothing again', async () => {
  const gone = await merging.person({ author: true });
  const kept = await merging.person();
  const told = merging.merge(kept, gone);
  await merging.deliver(told);
  await merging.settled(gone, kept);
  await is(kept, true, null);
  setFlag(merging.shop, kept, 'is_featured_author', false);
  await merging.deliver([...merging.take(), ...told]);
  await runJob(running(), 'merges');
  await is(kept, false, null);
});

test('an admin does not move: somebody is asked to decide, until they have', async () => {
  const gone = await merging.person({ admin: true });
  const kept = await merging.person();
  await merging.deliver(merging.merge(kept, gone));
  await merging.settled(gone, kept);
  assert.equal((await userOf(kept))?.is_admin, false);
  assert.equal(merging.metafield(kept, 'is_admin'), undefined);
  const { body } = await as(running()).get('/api/sync');
  const noted = body.attention.find(({ user_id }: { user_id: string }) => user_id === `${SHOP}#${kept}`);
  assert.equal(noted?.code, 'admin_merged_away');
  assert.match(noted?.message, /decide/);

  setFlag(merging.shop, kept, 'is_featured_author', true);
  await merging.deliver(merging.take());
  await is(kept, true, null);
  assert.deepEqual(await codesOf(kept), ['admin_merged_away'], 'a snapshot does not take the note away');

  await as(running())
    .post(`/api/users/${encodeURIComponent(`${SHOP}#${kept}`)}/roles`, { is_admin: false })
    .expect(200);
  assert.deepEqual(await codesOf(kept), []);
});

test('a person who is erased before the merge is told takes everything along', async () => {
  const gone = await merging.person({ author: true, plan: 'gold' });
  const kept = await merging.person();
  const told = merging.merge(kept, gone);
  await running().rollcall.usersOf(SHOP).redact(gone);
  const erased = await itemOf(gone);
  assert.deepEqual(Object.keys(erased ?? {}).toSorted(), [
    'expires_at',
    'redacted_at',
    'revision',
    'user_id',
  ]);
  await merging.deliver(told);
  await runJob(running(), 'merges');
  assert.deepEqual(await itemOf(gone), erased);
  await is(kept, false, null);
});

describe('if Shopify does not do it at once', () => {
  const faults = () => running().shops.shop(SHOP).faults;

  test('because it refuses, that needs attention, and is tried again', async () => {
    const gone = await merging.person({ author: true });
    const kept = await merging.person();
    faults().next('forbidden', { on: 'graphql', times: 1000 });
    await merging.deliver(merging.merge(kept, gone));
    await eventually(async () => assert.deepEqual(await codesOf(kept), ['roles_not_transferred']));
    while (faults().take('graphql') !== undefined);
    await runJob(running(), 'merges');
    await merging.settled(gone, kept);
    await is(kept, true, null);
    assert.deepEqual(await codesOf(kept), []);
  });
});

test('a merge that has failed changes nobody', async () => {
  await running().post(aCustomerUpdate({ id: '2' }));
  assert.equal(await running().post(aFixture('customers/merge')), 200);
  assert.equal((await itemOf('2'))?.['first_name'], 'Bob');
});
