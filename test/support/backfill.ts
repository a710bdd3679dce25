import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { createCertificates, type Certificate } from '../../src/ledger/certificates.ts';
import { createJobs } from '../../src/ledger/jobs.ts';
import { readProgress, type BackfillProgress } from '../../src/sync/full/progress.ts';
import { createIdTally } from '../../src/sync/full/id-tally.ts';
import type { User } from '../../src/users/item.ts';
import { toReserved } from '../../simulator/shop/definitions.ts';
import type { Shop } from '../../simulator/shop/shop.ts';
import { SHOP, type TestRollcall } from './rollcall.ts';

/** The certificates of the shop's backfills. */
export function certificatesOf({
  documents,
  table,
}: TestRollcall): ReturnType<ReturnType<typeof createCertificates>['latest']> {
  return createCertificates({ client: documents, table: table('rollcall') }).latest(SHOP);
}

/** How far the shop's backfill is, as it was saved last. */
export async function savedProgress({
  documents,
  table,
}: TestRollcall): Promise<BackfillProgress | undefined> {
  const jobs = createJobs({ client: documents, table: table('rollcall'), now: () => new Date() });
  return readProgress((await jobs.list(SHOP)).get('backfill')?.progress);
}

/** The digest of a certificate over these ids. */
export function digestOf(ids: Iterable<string>): string {
  const tally = createIdTally();
  for (const id of ids) tally.add(id);
  return tally.digest();
}

/** Runs a backfill of the shop to its end. */
export async function runBackfill({ rollcall }: TestRollcall, shop = SHOP): Promise<Certificate> {
  const run = await rollcall.backfill.begin(shop, new AbortController().signal);
  const certificate = await run?.finished;
  assert.ok(certificate !== undefined, 'another backfill runs');
  return certificate;
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

/** Runs a comparison of everybody to its end. */
export async function compareAll({ rollcall }: TestRollcall, repair: boolean) {
  const run = await rollcall.compare.begin(SHOP, { repair }, new AbortController().signal);
  const report = await run?.finished;
  assert.ok(report !== undefined, 'another comparison runs');
  return report;
}
