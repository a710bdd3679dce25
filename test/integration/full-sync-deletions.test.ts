import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asNow } from '../support/api.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { assertEqualToShop, reportsOf, runFullSync, standingUser, untilIdle } from '../support/full-sync.ts';
import { createCustomer, openPage, setFlag } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const clock = createFakeClock();
/** How often Shopify was asked whether somebody exists, and by what time. */
const questions: number[] = [];
/** What happens when Shopify is asked so. */
let onQuestion = () => undefined as void;
const running = useRollcall(
  {},
  async (program) => {
    await openPage(program);
    await untilIdle(program);
  },
  { now: clock.now, overrides: clock.overrides },
);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => createCustomer(shop(), { firstName: `P${n}` }));
const areHere = async (ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => standingUser(running(), id)))).filter((user) => user !== undefined)
    .length;

/** Makes customers who are here, and older than an hour. */
async function settled(count: number): Promise<string[]> {
  const ids = people(count);
  clock.advance(2 * HOUR_MS);
  const report = await runFullSync(running());
  assert.deepEqual([report.complete, report.written], [true, count]);
  return ids;
}

/** Watches what the program asks for, once it is there. */
function watch(): void {
  const { admin } = at();
  const answer = admin.answer.bind(admin);
  Object.assign(admin, {
    answer: (...[version, request, isThrottled]: Parameters<typeof answer>) => {
      if (request.operationName === 'ExistingCustomers') {
        questions.push(clock.now().getTime());
        onQuestion();
      }
      return answer(version, request, isThrottled);
    },
  });
}

describe('customers whom Shopify has no more, and of whom no webhook told', () => {
  test('are removed after two answers, more than a minute apart, an admin among them', async () => {
    watch();
    const [admin = '', other = ''] = await settled(2);
    setFlag(shop(), admin, 'is_admin', true);
    await runFullSync(running());
    shop().remove(admin);
    questions.length = 0;
    const report = await runFullSync(running());
    assert.deepEqual(
      [report.complete, report.removed, report.extra_here, report.differences.extra_here],
      [true, 1, 0, 1],
    );
    assert.equal(questions.length, 2);
    assert.ok(Number(questions[1]) - Number(questions[0]) >= 60_000);
    assert.equal(await areHere([admin]), 0);
    assert.equal(await areHere([other]), 1);
    assert.equal((await asNow(running()).get('/api/admins')).body.items.length, 0);
    const tombstone = await running().item(`${SHOP}#${admin}`);
    assert.deepEqual([tombstone?.['inferred'], tombstone?.['email']], [true, undefined]);
  });

  test('stay if the second answer shows them', async () => {
    const [id = ''] = await settled(1);
    const customer = shop().customers.get(id);
    assert.ok(customer !== undefined);
    shop().remove(id);
    questions.length = 0;
    onQuestion = () => {
      // Shopify's index was late: from the second question on it has them again.
      if (questions.length === 2) Reflect.get(shop().customers, 'set').call(shop().customers, id, customer);
    };
    const report = await runFullSync(running());
    onQuestion = () => undefined;
    assert.deepEqual([report.removed, report.extra_here, questions.length], [0, 0, 2]);
    assert.equal(await areHere([id]), 1);
  });

  test('stay if somebody has written to them before the second answer', async () => {
    const [id = ''] = await settled(1);
    const message = shop().update(id, { lastName: 'Written' });
    shop().remove(id);
    // Two to start the operation, one for its end, and the first question.
    const second = at().faults.hold('graphql', { after: 4 });
    const ended = runFullSync(running());
    await second.reached;
    assert.equal(await running().post(message), 200);
    second.release();
    const report = await ended;
    assert.deepEqual([report.complete, report.removed, report.extra_here], [true, 0, 0]);
    assert.equal((await running().item(`${SHOP}#${id}`))?.['last_name'], 'Written');
    assert.equal((await runFullSync(running())).removed, 1);
  });

  test('are not looked for within an hour of their creation, whatever our clock says', async () => {
    const [id = ''] = people(1);
    await runFullSync(running());
    shop().remove(id);
    clock.advance(HOUR_MS / 2);
    questions.length = 0;
    assert.deepEqual((await runFullSync(running())).removed, 0);
    assert.equal(questions.length, 0);
    clock.advance(HOUR_MS);
    assert.deepEqual((await runFullSync(running())).removed, 1);
  });

  test('are looked for after a listing by pages as well', async () => {
    const [id = ''] = await settled(1);
    // What was changed last tells how far Shopify's clock had come.
    people(1);
    shop().remove(id);
    at().bulk.refusals.push('INVALID');
    const report = await runFullSync(running());
    assert.deepEqual([report.reader, report.removed], ['pages', 1]);
  });

  test('are never those of whom nobody knows when they were created, nor the platform’s own', async () => {
    const id = '706405506930399999';
    const shared = { shop: SHOP, shopify_id: id, first_name: 'Ada', revision: 1 };
    await running().putItem({ user_id: `${SHOP}#${id}`, ...shared });
    await running().putItem({ user_id: 'platform-1', shop: SHOP, created_at: '2020-01-01T00:00:00.000Z' });
    assert.equal((await runFullSync(running())).removed, 0);
    assert.notEqual(await running().item('platform-1'), undefined);
    assert.equal((await running().item(`${SHOP}#${id}`))?.['deleted_at'], undefined);
  });
});

describe('many of them', () => {
  let gone: string[] = [];
  const alarms = async () => {
    const metric = await running().rollcall.context.metrics.removalsUnanswered.get();
    return metric.values[0]?.value ?? 0;
  };

  test('are left until a person has answered, also by a check', async () => {
    gone = await settled(30);
    for (const id of gone) shop().remove(id);
    const report = await runFullSync(running());
    assert.deepEqual(
      [report.complete, report.removed, report.extra_here, report.unconfirmed_removals],
      [true, 0, 30, 30],
    );
    assert.equal(await areHere(gone), 30);
    const checked = await runFullSync(running(), { mode: 'check' });
    assert.deepEqual([checked.removed, checked.extra_here, checked.unconfirmed_removals], [0, 30, 30]);
  });

  test('alarm on every day that nobody answers', async () => {
    const { scheduler } = running().rollcall;
    await scheduler.wake(SHOP, 'removals');
    assert.equal(await alarms(), 0);
    clock.advance(DAY_MS + HOUR_MS);
    await scheduler.wake(SHOP, 'removals');
    assert.equal(await alarms(), 1);
    assert.match(running().logged(), /"level":"error".*"removals":30/);
    await scheduler.wake(SHOP, 'removals');
    assert.equal(await alarms(), 1);
    clock.advance(DAY_MS + HOUR_MS);
    await scheduler.wake(SHOP, 'removals');
    assert.equal(await alarms(), 2);
  });

  test('are removed up to the number that was confirmed, and the rest is asked about again', async () => {
    const report = await runFullSync(running(), { confirm_removals: 12 });
    assert.deepEqual([report.removed, report.unconfirmed_removals], [12, 18]);
    assert.equal(await areHere(gone), 18);
    const rest = await runFullSync(running(), { confirm_removals: 18 });
    assert.deepEqual([rest.removed, rest.unconfirmed_removals], [18, 0]);
    assert.equal(await areHere(gone), 0);
    await assertEqualToShop(running());
    clock.advance(3 * DAY_MS);
    await running().rollcall.scheduler.wake(SHOP, 'removals');
    assert.equal(await alarms(), 2);
  });

  test('up to twenty, or up to a hundredth, are no question', async () => {
    const few = await settled(20);
    for (const id of few) shop().remove(id);
    const report = await runFullSync(running());
    assert.deepEqual([report.removed, report.unconfirmed_removals], [20, 0]);
    assert.deepEqual((await reportsOf(running())).last, report);
  });
});
