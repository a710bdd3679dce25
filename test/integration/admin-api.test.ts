import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { z } from 'zod';
import { customerSnapshots, membershipPlans } from '../../src/shopify/admin/queries.ts';
import { createSleepClock, startAdmin } from '../support/admin.ts';
import { createMembers } from '../support/create-people.ts';

const TOYS = 'toys.myshopify.com';
const interactive = { priority: 'interactive' } as const;

test('customers come with their flags and their plan, and null for one who is not there', async (t) => {
  const { admin, shop } = await startAdmin(t, { clock: createSleepClock() });
  const [id = ''] = createMembers(shop().shop, 1);
  const ids = [id, 'gid://shopify/Customer/1'];
  const { nodes } = await admin.query(TOYS, customerSnapshots, { ids }, interactive);
  const [customer, missing] = nodes;
  assert.equal(missing, null);
  assert.ok(customer?.kind === 'Customer');
  assert.equal(customer.id, id);
  assert.equal(customer.defaultEmailAddress?.emailAddress, 'ada0@example.com');
  assert.equal(customer.state, 'ENABLED');
  assert.equal(customer.is_admin?.jsonValue, true);
  assert.equal(customer.is_featured_author?.jsonValue, true);
  const plan = customer.membership_plan?.reference;
  assert.ok(plan?.kind === 'Metaobject');
  assert.equal(plan.handle, 'gold');
  assert.deepEqual(plan.fields.find(({ key }) => key === 'price')?.jsonValue, '9.50');
});

test('plans come page by page', async (t) => {
  const { admin, shop } = await startAdmin(t, { clock: createSleepClock() });
  for (const handle of ['gold', 'iron'])
    shop().shop.saveMetaobject({ type: '$app:membership_plan', handle, fields: { name: handle } });
  const first = await admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  assert.equal(first.metaobjects.nodes[0]?.handle, 'gold');
  const after = first.metaobjects.pageInfo.endCursor;
  const second = await admin.query(TOYS, membershipPlans, { first: 1, after }, interactive);
  assert.equal(second.metaobjects.nodes[0]?.handle, 'iron');
  assert.equal(second.metaobjects.pageInfo.hasNextPage, false);
});

for (const fault of ['server_error', 'bad_gateway', 'dropped', 'answer_lost'] as const) {
  test(`a query is answered after ${fault}, and a few times are enough to give up`, async (t) => {
    const clock = createSleepClock();
    const { admin, shop } = await startAdmin(t, { clock });
    shop().faults.next(fault, { on: 'graphql', times: 4 });
    await admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
    assert.equal(shop().counts.graphql, 5);

    shop().faults.next(fault, { on: 'graphql', times: 100 });
    const start = clock.now();
    const query = admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
    await assert.rejects(query, { code: 'admin_api_unavailable' });
    assert.equal(shop().counts.graphql, 10);
    // 0.5, 1, 2 and 4 s, each less its jitter of a half at most.
    const waited = clock.now() - start;
    assert.ok(waited >= 3750 && waited <= 7500, `${waited} ms`);
  });
}

test('an answer that is too late counts as none', async (t) => {
  const { admin, shop, metrics } = await startAdmin(t, { clock: createSleepClock(), timeout: 30 });
  shop().faults.latency = 300;
  const query = admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  await assert.rejects(query, { code: 'admin_api_unavailable' });
  // The shop need not have heard of each: a busy machine may end the wait before the request is out.
  assert.match(await metrics(), /attempts_total\{outcome="unavailable"\} 5\n/);
});

test('429 stops the shop for the seconds that Retry-After says, and gives up after a few', async (t) => {
  const clock = createSleepClock();
  const { admin, shop } = await startAdmin(t, { clock });
  const start = clock.now();
  shop().faults.next('too_many_requests', { on: 'graphql', times: 2 });
  await admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  assert.equal(clock.now() - start, 4000);
  assert.equal(shop().counts.graphql, 3);

  shop().faults.next('too_many_requests', { on: 'graphql', times: 100 });
  const query = admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  await assert.rejects(query, { code: 'admin_api_unavailable' });
  assert.equal(shop().counts.graphql, 8);
});

test('a query that is throttled for no reason waits longer each time, and is given up in the end', async (t) => {
  const clock = createSleepClock();
  const { admin, shop } = await startAdmin(t, { clock });
  shop().faults.next('throttled', { on: 'graphql', times: 20 });
  const start = clock.now();
  await admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  assert.ok(clock.now() - start > 60_000);
  shop().faults.next('throttled', { on: 'graphql', times: 1000 });
  const query = admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  await assert.rejects(query, { code: 'admin_api_unavailable' });
  assert.equal(shop().counts.graphql, 121);
});

test('a refused token is replaced once', async (t) => {
  const { admin, shop, tokensRefused } = await startAdmin(t, { clock: createSleepClock() });
  shop().faults.next('token_revoked', { on: 'graphql' });
  await admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  assert.equal(tokensRefused().length, 1);

  shop().faults.next('token_revoked', { on: 'graphql', times: 2 });
  const query = admin.query(TOYS, membershipPlans, { first: 1 }, interactive);
  await assert.rejects(query, { code: 'reauthorization_needed' });
  assert.equal(tokensRefused().length, 2);
  assert.equal(shop().counts.graphql, 4);
});

test('what Shopify refuses is not asked again, and its text stays out of the message', async (t) => {
  const limits = { maxCost: 5 };
  const { admin, shop } = await startAdmin(t, { clock: createSleepClock(), limits });
  const tooDear = admin.query(TOYS, membershipPlans, { first: 250 }, interactive);
  await assert.rejects(tooDear, {
    code: 'admin_api_too_costly',
    message: 'Shopify refuses MembershipPlans: MAX_COST_EXCEEDED',
  });
  const invalid = { name: 'Invalid', text: '{ birthday }' };
  const refused = admin.query(TOYS, invalid, {}, interactive);
  await assert.rejects(refused, { code: 'admin_api_refused', message: 'Shopify refuses Invalid: no code' });
  const elsewhere = admin.query('nobody.myshopify.com', membershipPlans, { first: 1 }, interactive);
  await assert.rejects(elsewhere, /no shop/);
  assert.equal(shop().counts.graphql, 2);
});

test('a token does not follow a redirection', async (t) => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(307, { location: '/elsewhere' }).end();
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = z.object({ port: z.number() }).parse(server.address());
  const standInUrl = `http://127.0.0.1:${address.port}`;
  const { connect } = await startAdmin(t, { clock: createSleepClock() });
  const query = connect(standInUrl).query(TOYS, membershipPlans, { first: 1 }, interactive);
  await assert.rejects(query, { code: 'admin_api_refused' });
  assert.deepEqual(paths, ['/admin/api/2026-10/graphql.json']);
});

test('neither tokens nor customers are in the log, and no shop is in the metrics', async (t) => {
  const { admin, shop, logged, tokens, metrics } = await startAdmin(t, { clock: createSleepClock() });
  const ids = createMembers(shop().shop, 1);
  for (const fault of ['token_revoked', 'bad_gateway', 'dropped', 'throttled', 'too_many_requests'] as const)
    shop().faults.next(fault, { on: 'graphql' });
  await admin.query(TOYS, customerSnapshots, { ids }, interactive);
  assert.match(logged(), /"outcome":"throttled"/);
  assert.equal(tokens().length, 2);
  for (const secret of [...tokens(), 'Ada0', 'example.com', 'Biller', 'shpat_'])
    assert.equal(logged().includes(secret), false);
  const text = await metrics();
  assert.equal(text.includes('toys'), false);
  assert.match(text, /rollcall_admin_api_attempts_total\{outcome="done"\} 1/);
  assert.match(text, /rollcall_admin_api_attempts_total\{outcome="unavailable"\} 2/);
  assert.match(text, /rollcall_admin_api_cost_points_total\{priority="interactive"\} 7/);
  assert.match(text, /rollcall_admin_api_wait_seconds_count\{priority="interactive"\} 6/);
});
