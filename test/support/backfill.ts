import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
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
import { createCustomer, setRole, setPlan } from './visit.ts';

export function certificatesOf({
  engine,
  table,
}: TestRollcall): ReturnType<ReturnType<typeof createCertificates>['latest']> {
  const client = DynamoDBDocumentClient.from(engine.client);
  return createCertificates({ client, table: table('rollcall') }).latest(SHOP);
}

/** The last saved progress of the shop's backfill. */
export async function savedProgress({ engine, table }: TestRollcall): Promise<BackfillProgress | undefined> {
  const client = DynamoDBDocumentClient.from(engine.client);
  const jobs = createJobs({ client, table: table('rollcall'), now: () => new Date() });
  return readProgress((await jobs.list(SHOP)).get('backfill')?.progress);
}

/** A certificate's digest over these ids. */
export function digestOf(ids: Iterable<string>): string {
  const tally = createIdTally();
  for (const id of ids) tally.add(id);
  return tally.digest();
}

/** Runs a backfill of the shop to its end. */
export async function runBackfill({ rollcall }: TestRollcall): Promise<Certificate> {
  const run = await rollcall.backfill.begin(SHOP, new AbortController().signal);
  const certificate = await run?.finished;
  assert.ok(certificate !== undefined, 'another backfill runs');
  return certificate;
}

/** The user that equals a customer of the shop: names, e-mail, state, roles and plan. */
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

/** The stored user in the form of expectedUser; undefined: none. */
export async function existingUser({ rollcall }: TestRollcall, id: string): Promise<object | undefined> {
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

/** The ids that are only in the shop, only in its index of users, or different in both. */
export async function differingUsers({ rollcall, shops }: TestRollcall): Promise<string[]> {
  const { shop } = shops.shop(SHOP);
  const existing = new Map<string, object>();
  let cursor: string | undefined;
  do {
    const query = { by: 'created', from: '0001', to: '9999' } as const;
    const { users, nextCursor } = await rollcall.usersOf(SHOP).list(query, { limit: 100, cursor });
    for (const user of users) existing.set(user.shopify_id ?? user.user_id, toComparable(user));
    cursor = nextCursor;
  } while (cursor !== undefined);
  const ids = new Set([...existing.keys(), ...shop.customers.keys()]);
  return [...ids].filter(
    (id) => !shop.customers.has(id) || !isDeepStrictEqual(existing.get(id), expectedUser(shop, id)),
  );
}

/** Customers, some with roles and some with the plan `gold`, which the shop must have. */
export function createPeople(shop: Shop, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const id = createCustomer(shop, { firstName: `Ada${n}`, email: `ada${n}@example.com` });
    if (n % 3 === 0) setRole(shop, id, 'is_admin', true);
    if (n % 4 === 0) setRole(shop, id, 'is_featured_author', true);
    if (n % 5 === 0) setPlan(shop, id, 'gold');
    return id;
  });
}
