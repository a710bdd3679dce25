import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromWebhook } from '../../src/customers/customer.ts';
import { AppError } from '../../src/errors.ts';
import { parseExact } from '../../src/shopify/json.ts';
import type { User } from '../../src/users/item.ts';
import type { UserQuery } from '../../src/users/lists/list-query.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';
import { aUserItem, instant, putItems } from '../support/user-items.ts';
import { useRollcall } from '../support/rollcall.ts';
import { soak } from '../support/soak.ts';

const SHOPS = ['one.myshopify.com', 'two.myshopify.com'] as const;
const PEOPLE = 24;
/** Of five to fifteen calls each. */
const RUNS = soak(60, 300);

/** Both shops have the same ids, at the same instants; every other person has a legacy user_id. */
const running = useRollcall({}, async ({ engine, table }) => {
  for (const shop of SHOPS) {
    const items = Array.from({ length: PEOPLE }, (_, n) =>
      aUserItem(shop, n, { email: `${n}@${shop}`, ...(n % 2 === 0 && { user_id: `legacy-${n}-${shop}` }) }),
    );
    await putItems(engine.client, table('users'), items);
  }
});

const aQuery: fc.Arbitrary<UserQuery> = fc.oneof(
  fc.record({
    by: fc.constant('created' as const),
    from: fc.nat(PEOPLE).map(instant),
    to: fc.constant(instant(99)),
  }),
  fc.constant({ by: 'active' as const }),
  fc.record({ by: fc.constantFrom('admin' as const, 'featured_author' as const) }),
  fc.constant({ by: 'membership' as const, membershipId: 'gold' }),
  // A value that looks like another shop's.
  fc.constantFrom(...SHOPS).map((shop) => ({ by: 'membership' as const, membershipId: `${shop}#gold` })),
);

const aCall = fc.record({
  shop: fc.constantFrom(...SHOPS),
  ask: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ list: aQuery, limit: fc.integer({ min: 1, max: 9 }), anyCursor: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ shopifyId: fc.nat(PEOPLE).map(String) }) },
    {
      weight: 2,
      arbitrary: fc.record({ n: fc.nat(PEOPLE), of: fc.constantFrom(...SHOPS) }).map(({ n, of }) => ({
        userId: n % 2 === 0 ? `legacy-${n}-${of}` : `${of}#${n}`,
      })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        save: fc.integer({ min: 1, max: PEOPLE }).map(String),
        second: fc.integer({ min: 10, max: 59 }),
      }),
    },
  ),
});

type Call = typeof aCall extends fc.Arbitrary<infer T> ? T : never;

test('among many random calls of two shops with the same ids none ever sees the other shop', async () => {
  const cursors: string[] = [];
  let seen = 0;

  async function makeCall({ shop, ask }: Call): Promise<readonly (User | undefined)[]> {
    const users = running().rollcall.usersOf(shop);
    if ('shopifyId' in ask) return [await users.getByShopifyId(ask.shopifyId)];
    if ('userId' in ask) return [await users.getById(ask.userId)];
    if ('save' in ask) {
      const { body } = aCustomerUpdate({
        id: ask.save,
        updated_at: `2026-01-01T00:00:${ask.second}Z`,
        email: `new@${shop}`,
      });
      await users.save(fromWebhook(parseExact(body)));
      return [];
    }
    const cursor = ask.anyCursor ? cursors.at(-1) : undefined;
    try {
      const page = await users.list(ask.list, { limit: ask.limit, cursor });
      if (page.nextCursor !== undefined) cursors.push(page.nextCursor);
      return page.users;
    } catch (error) {
      // A cursor of another list, perhaps the other shop's.
      if (error instanceof AppError && error.code === 'cursor_invalid') return [];
      throw error;
    }
  }

  await fc.assert(
    fc.asyncProperty(fc.array(aCall, { minLength: 5, maxLength: 15 }), async (calls) => {
      for (const one of calls)
        for (const user of await makeCall(one)) {
          if (user === undefined) continue;
          seen += 1;
          assert.equal(user.shop, one.shop);
          assert.ok(user.user_id.includes(one.shop), user.user_id);
          assert.ok(user.email?.endsWith(`@${one.shop}`), String(user.email));
        }
    }),
    { numRuns: RUNS },
  );
  assert.ok(seen > RUNS * 6, `${seen} users were looked at`);
});
