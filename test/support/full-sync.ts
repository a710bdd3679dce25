import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { FullSyncReport } from '../../src/ledger/full-sync-reports.ts';
import { readProgress, type FullSyncProgress } from '../../src/sync/full/progress.ts';
import type { User } from '../../src/users/item.ts';
import { toReserved } from '../../simulator/shop/definitions.ts';
import type { Shop } from '../../simulator/shop/shop.ts';
import { eventually } from './eventually.ts';
import { SHOP, type TestRollcall } from './rollcall.ts';

type Reports = ReturnType<TestRollcall['rollcall']['ledger']['fullSyncReports']['latest']>;

/** The reports of the shop's full syncs. */
export const reportsOf = ({ rollcall }: TestRollcall, shop = SHOP): Reports =>
  rollcall.ledger.fullSyncReports.latest(shop);

const stateOf = async ({ rollcall }: TestRollcall, shop = SHOP) =>
  (await rollcall.ledger.jobs.list(shop)).get('full');

/** How far the shop's full sync is, as it was saved last. */
export async function savedProgress(program: TestRollcall): Promise<FullSyncProgress | undefined> {
  return readProgress((await stateOf(program))?.progress);
}

/** Waits until no full sync is under way or due, as an installation makes one. */
export async function untilIdle(program: TestRollcall, shop = SHOP): Promise<void> {
  await eventually(async () => {
    const { isHeld = false, dueAt = '9' } = (await stateOf(program, shop)) ?? {};
    assert.ok(!isHeld && dueAt > program.rollcall.context.now().toISOString(), 'a full sync is under way');
  });
}

interface FullSyncOptions {
  readonly mode?: FullSyncReport['mode'];
  readonly confirm_removals?: number;
  readonly shop?: string;
}

/** Runs a full sync of the shop to its end, after the one that goes on. Fails unless it ends with a report. */
export async function runFullSync(
  program: TestRollcall,
  { mode = 'apply', shop = SHOP, ...requested }: FullSyncOptions = {},
): Promise<FullSyncReport> {
  const { ledger, scheduler } = program.rollcall;
  await untilIdle(program, shop);
  const { last: before } = await reportsOf(program, shop);
  await ledger.jobs.request(shop, 'full', 'full', { mode, ...requested });
  await scheduler.wake(shop, 'full');
  const { last } = await reportsOf(program, shop);
  assert.ok(last !== undefined && !isDeepStrictEqual(last, before), program.logged());
  assertSum(last);
  return last;
}

/** Fails unless every listed customer is in exactly one of the counts. */
export function assertSum(report: FullSyncReport): void {
  const { written = 0, differing = 0, unchanged, already_newer, tombstoned } = report;
  const { duplicate, failed, unreadable, undecided } = report;
  assert.equal(
    written +
      differing +
      unchanged +
      already_newer +
      tombstoned +
      duplicate +
      failed +
      unreadable +
      undecided,
    report.listed,
  );
}

/** What a user must be if the table equals the shop: names, e-mail, state, flags and plan. */
export function expectedUser(shop: Shop, id: string): object {
  const customer = shop.customers.get(id);
  const fieldOf = (key: string) =>
    shop.metafields.find({ ownerId: `gid://shopify/Customer/${id}`, namespace: toReserved('$app'), key })
      ?.value;
  const plan = [...shop.metaobjects.all.values()].find(
    ({ id: planId }) => fieldOf('membership_plan') === `gid://shopify/Metaobject/${planId}`,
  );
  return {
    email: customer?.email,
    first_name: customer?.firstName,
    last_name: customer?.lastName,
    shopify_state: customer?.state,
    is_admin: fieldOf('is_admin') === 'true',
    is_featured_author: fieldOf('is_featured_author') === 'true',
    membership_id: plan?.handle ?? null,
    plan_name: plan?.fields['name'],
  };
}

/** The same of the user as it stands; undefined: there is none. */
export async function standingUser({ rollcall }: TestRollcall, id: string): Promise<object | undefined> {
  const user = await rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true);
  return user && toComparable(user);
}

function toComparable(user: User): object {
  const { email, first_name, last_name, shopify_state, is_admin, is_featured_author, membership_id } = user;
  return {
    email,
    first_name,
    last_name,
    shopify_state,
    is_admin,
    is_featured_author,
    membership_id,
    plan_name: user.membership?.['name'],
  };
}

/** The ids of those who are in the shop or in its index of users, and not the same in both. */
export async function differingUsers({ rollcall, shops }: TestRollcall): Promise<string[]> {
  const { shop } = shops.shop(SHOP);
  const standing = new Map<string, object>();
  let cursor: string | undefined;
  do {
    const query = { by: 'created', from: '0001', to: '9999' } as const;
    const { users, nextCursor } = await rollcall.usersOf(SHOP).list(query, { limit: 100, cursor });
    for (const user of users) standing.set(user.shopify_id ?? user.user_id, toComparable(user));
    cursor = nextCursor;
  } while (cursor !== undefined);
  const ids = new Set([...standing.keys(), ...shop.customers.keys()]);
  return [...ids].filter(
    (id) => !shop.customers.has(id) || !isDeepStrictEqual(standing.get(id), expectedUser(shop, id)),
  );
}

/** Fails unless customers are users as the shop has them; by default all of the shop. */
export async function assertEqualToShop(
  program: TestRollcall,
  ids: Iterable<string> = program.shops.shop(SHOP).shop.customers.keys(),
): Promise<void> {
  const { shop } = program.shops.shop(SHOP);
  for (const id of ids) assert.deepEqual(await standingUser(program, id), expectedUser(shop, id), id);
}
